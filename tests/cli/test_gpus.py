"""The commands on GPUs: train, resume, evaluate and predict, with the numbers of the host."""

import json

import numpy as np
import pytest
from console import run
from gpus import ALL, on_gpus
from PIL import Image

from minialex.cli import main
from minialex.training.history import read_history

SMALL = ("--data", "shapes", "--image-size", "16", "--scale", "16", "--limit", "24", "--batch", "8", "--seed", "3")
COLUMNS = ("train_loss", "train_error", "val_loss", "val_error")


def history(out):
    return [[row[column] for column in COLUMNS] for row in read_history(out / "metrics.csv")]


@pytest.fixture(scope="module")
def on_host(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "host"
    assert main(["train", *SMALL, "--epochs", "2", "--out", str(out)]) == 0
    return out


@on_gpus(*ALL, slow=("cuda:0", "cuda:1", "cuda:1,cuda:0", "cuda:0,cuda:0"))
def test_train_and_resume(gpus, on_host, tmp_path):
    """One epoch, then another in a resumed run."""
    assert main(["train", *SMALL, "--devices", gpus, "--epochs", "1", "--out", str(tmp_path / "run")]) == 0
    assert main(["train", "--resume", "--devices", gpus, "--epochs", "2", "--out", str(tmp_path / "run")]) == 0
    np.testing.assert_allclose(history(tmp_path / "run"), history(on_host), rtol=1e-3)


@on_gpus(*ALL, slow=("cuda:0", "cuda:1", "cuda:0,cuda:1", "cuda:1,cuda:0"))
def test_evaluate(gpus, on_host, capsys):
    theirs, ours = (
        json.loads(run(capsys, "evaluate", on_host, "--json", "--devices", devices)[1]) for devices in ("cpu", gpus)
    )
    assert ours == pytest.approx(theirs, rel=1e-4)


@on_gpus(*ALL, slow=("cuda:0", "cuda:0,cuda:1", "cuda:0,cuda:0"))
def test_predict(gpus, on_host, capsys, tmp_path):
    picture = tmp_path / "red.png"
    Image.new("RGB", (20, 24), "red").save(picture)
    ours, theirs = (
        json.loads(run(capsys, "predict", on_host, picture, "--json", "--devices", devices)[1])[0]["top"]
        for devices in (gpus, "cpu")
    )
    assert [one["label"] for one in ours] == [one["label"] for one in theirs]
    assert [one["probability"] for one in ours] == pytest.approx([one["probability"] for one in theirs], rel=1e-3)

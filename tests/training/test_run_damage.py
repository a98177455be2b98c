"""A run that is killed between two files, or whose files are damaged; beyond `test_run.py`."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from small_runs import settings as usual_settings

from minialex.cli import main
from minialex.training import run_folder
from minialex.training.config import RunConfig
from minialex.training.divergence import Diverged
from minialex.training.history import read_history
from minialex.training.run import train_run

FILES = {"config.json", "metrics.csv", "checkpoint.npz", "best.npz", "curves.png", "filters.png", "predictions.png"}


def settings(**changes):
    """Return the settings of test_run.py for a smaller net and one short epoch."""
    short = {"model": "cifar_80sec", "seed": 0, "epochs": 1, "batch": 20, "lr": 0.001, "limit": 40}
    return usual_settings(**{**short, **changes})


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    out = tmp_path_factory.mktemp("finished") / "run"
    train_run(settings(), out)
    return out


@pytest.fixture
def copy(finished, tmp_path):
    """A run of one epoch, to be damaged."""
    return shutil.copytree(finished, tmp_path / "run")


def arrays(path):
    with path.open("rb") as file, np.load(file) as archive:
        return {name: archive[name] for name in archive.files}


@pytest.mark.parametrize("late", ["save_weights", "write_history"])
def test_a_kill_between_two_files_of_an_epoch_loses_neither(finished, tmp_path, monkeypatch, late):
    def killed(*arguments):
        raise KeyboardInterrupt

    out = tmp_path / "run"
    with monkeypatch.context() as patched:
        patched.setattr(run_folder, late, killed)
        with pytest.raises(KeyboardInterrupt):
            train_run(settings(), out)
    train_run(settings(), out, resume=True)
    assert {path.name for path in out.iterdir()} == FILES
    assert len(read_history(out / "metrics.csv")) == 1
    ours, theirs = arrays(out / "best.npz"), arrays(finished / "best.npz")
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        np.testing.assert_array_equal(ours[name], value)


def test_a_loss_that_diverges_at_the_last_step_of_an_epoch_stops_the_run_too(tmp_path):
    """The one step's own loss is still finite; what it did to the weights shows on the validation images."""
    with np.errstate(all="ignore"), pytest.raises(Diverged, match=r"epoch 1, .*the loss is nan.*the rate is 1e\+30"):
        train_run(settings(batch=40, lr=1e30), tmp_path / "run")
    assert not (tmp_path / "run" / "best.npz").exists()


def test_after_a_run_without_a_finished_epoch_its_folder_is_free_again(tmp_path):
    out = tmp_path / "run"
    with np.errstate(all="ignore"), pytest.raises(Diverged):
        train_run(settings(lr=1e30), out)
    train_run(settings(), out)  # with the smaller rate that the message advised
    assert RunConfig.read(out).lr == 0.001
    assert {path.name for path in out.iterdir()} == FILES


def test_resume_on_classes_that_were_renamed_is_refused(tmp_path):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            (tmp_path / "pets" / split / label).mkdir(parents=True)
            Image.new("RGB", (16, 16)).save(tmp_path / "pets" / split / label / "0.png")
    out = tmp_path / "run"
    train_run(settings(data=str(tmp_path / "pets")), out)
    for split in ("train", "val"):
        (tmp_path / "pets" / split / "dog").rename(tmp_path / "pets" / split / "bird")
    before = (out / "config.json").read_bytes()
    with pytest.raises(ValueError, match="expected the run's 2 classes, got 2, lacking 1: dog, extra 1: bird; use"):
        train_run(replace(RunConfig.read(out), epochs=2), out, resume=True)
    assert (out / "config.json").read_bytes() == before


def refused(capsys, name, *arguments):
    """Check for exit status 1 and one line that names the damaged file."""
    assert main([str(argument) for argument in arguments]) == 1
    err = capsys.readouterr().err.replace("\r", "\n").strip().splitlines()
    assert len(err) == 1
    assert name in err[0]


@pytest.mark.parametrize(("name", "file", "command"), [
    ("history",       "checkpoint.npz", "train"),
    ("mean_image",    "checkpoint.npz", "train"),
    ("net/conv1.W",   "checkpoint.npz", "train"),
    ("mean_image",    "best.npz",       "evaluate"),
])  # fmt: skip
def test_an_archive_that_lacks_an_array_is_named(capsys, copy, name, file, command):
    left = {key: value for key, value in arrays(copy / file).items() if key != name}
    np.savez(copy / file, **left)
    start = ["train", "--resume", "--out", copy, "--epochs", "2"] if command == "train" else ["evaluate", copy]
    refused(capsys, file, *start)
    assert len(read_history(copy / "metrics.csv")) == 1


def test_an_archive_with_an_unknown_compression_is_named(capsys, copy):
    """One byte of damage, for which zipfile raises a NotImplementedError."""
    raw = bytearray((copy / "best.npz").read_bytes())
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 10] = 99
    (copy / "best.npz").write_bytes(raw)
    refused(capsys, "best.npz", "evaluate", copy)


@pytest.mark.parametrize(("key", "value"), [
    ("model", ["cifar_80sec"]), ("classes", 5), ("devices", 5), ("data", 5), ("image_size", "16"),
])  # fmt: skip
def test_a_setting_of_another_type_is_one_line_that_names_the_config(capsys, copy, key, value):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, key: value}))
    refused(capsys, "config.json", "evaluate", copy)


def test_metrics_are_a_plain_table_of_finite_fractions_and_rates(finished):
    (row,) = read_history(finished / "metrics.csv")
    assert row["lr"] == 0.001
    assert all(0 <= row[f"{part}_error"] <= 1 for part in ("train", "val", "val_top5"))
    assert row["val_top5_error"] <= row["val_error"]
    assert all(np.isfinite(value) for value in row.values())
    assert row["images_per_second"] > 0

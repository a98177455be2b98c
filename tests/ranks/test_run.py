"""Runs over ranks: the same files as in one process, continued in any other layout."""

import json

import numpy as np
import pytest
from console import run
from small_runs import about_without, arrays, assert_same_run

from minialex.cli import main
from minialex.training.history import read_history

pytestmark = pytest.mark.ranks
SMALL = ("--limit", "42", "--batch", "16", "--image-size", "16", "--epochs", "2", "--quiet")  # 16, 16, 10 images
HYBRID = ("--model", "cifar_80sec")
FREE = ("devices", "workers", "split", "epochs")  # settings that may differ
FILES = {"config.json", "metrics.csv", "checkpoint.npz", "best.npz", "curves.png", "filters.png", "predictions.png"}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """alone(...): the folder of a run in one process with these options."""
    folder = tmp_path_factory.mktemp("alone")

    def trained(*options):
        out = folder / "-".join(options).replace(":", "").replace(",", "")
        if not out.exists():
            assert main(["train", *SMALL, *options, "--out", str(out)]) == 0
        return out

    return trained


def assert_close(one, other):
    """Check that two runs are the same but for rounding in float32: arrays, generators and history."""
    for name in ("checkpoint.npz", "best.npz"):
        ours, theirs = arrays(one / name), arrays(other / name)
        assert ours.keys() == theirs.keys()
        assert about_without(FREE, ours) == about_without(FREE, theirs)
        for key in ours.keys() - {"history", "about"}:
            if ours[key].dtype.kind == "f":
                np.testing.assert_allclose(ours[key], theirs[key], rtol=1e-3, atol=1e-5, err_msg=key)
            else:
                assert ours[key] == theirs[key], key
    for ours, theirs in zip(read_history(one / "metrics.csv"), read_history(other / "metrics.csv"), strict=True):
        assert ours["train_loss"] == pytest.approx(theirs["train_loss"], rel=1e-4)


def test_the_groups_of_figure_2_on_two_ranks_keep_the_same_run_as_on_two_threads(succeeds, alone, tmp_path):
    out, devices = tmp_path / "run", ("--devices", "rank:0,rank:1", "--workers", "1")
    text = succeeds(2, "minialex", "train", *SMALL, *devices, "--epochs", 1, "--out", out)
    assert text.count("result:") == 1
    assert {path.name for path in out.iterdir()} == FILES
    succeeds(2, "minialex", "train", *SMALL, *devices, "--resume", "--out", out)
    assert_same_run(out, alone("--devices", "cpu:0,cpu:1"), but=FREE)


def test_split_batches_keep_the_run_of_one_process_and_the_same_bits_again(succeeds, alone, tmp_path):
    for name in ("one", "two"):
        succeeds(4, "minialex", "train", *SMALL, "--devices", "ranks", "--workers", 1, "--out", tmp_path / name)
    assert_same_run(tmp_path / "one", tmp_path / "two")
    assert_close(tmp_path / "one", alone("--workers", "1"))


def test_divided_units_keep_the_run_of_one_process(succeeds, alone, tmp_path):
    options = ("--devices", "ranks", "--split", "hybrid", "--workers", 1, "--out", tmp_path / "run")
    succeeds(2, "minialex", "train", *SMALL, *HYBRID, *options)
    assert_close(tmp_path / "run", alone(*HYBRID, "--workers", "1"))


def test_a_run_goes_on_in_another_layout(succeeds, alone, capsys, tmp_path):
    """One epoch each: in one process, on split batches, on the groups of Figure 2, and in one process again."""
    out = tmp_path / "run"
    resume = ("train", "--quiet", "--resume", "--out", out)
    assert main(["train", *SMALL, "--epochs", "1", "--workers", "1", "--out", str(out)]) == 0
    succeeds(2, "minialex", *resume, "--epochs", 2, "--devices", "ranks", "--workers", 1)
    assert_close(out, alone("--workers", "1"))
    succeeds(2, "minialex", *resume, "--epochs", 3, "--devices", "rank:0,rank:1", "--workers", 1)
    status, _, err = run(capsys, *resume, "--epochs", 4, "--devices", "cpu", "--workers", 1)
    assert (status, err) == (0, "")
    assert len(read_history(out / "metrics.csv")) == 4
    hybrid, options = alone(*HYBRID, "--workers", "1"), ("--devices", "ranks", "--split", "hybrid", "--workers", 1)
    succeeds(2, "minialex", "train", "--quiet", "--resume", "--out", hybrid, "--epochs", 3, *options)
    assert run(capsys, "train", "--resume", "--out", hybrid, "--epochs", 4, "--devices", "cpu")[0] == 0


def test_evaluation_and_prediction_over_ranks_print_once_what_one_process_prints(succeeds, alone, capsys, tmp_path):
    out = alone("--workers", "1")
    told = json.loads(succeeds(4, "minialex", "evaluate", out, "--devices", "ranks", "--limit", 9, "--json"))
    assert told == pytest.approx(json.loads(run(capsys, "evaluate", out, "--limit", 9, "--json")[1]), rel=1e-5)
    command = ("predict", out, out / "curves.png", "--json")  # one image, for more ranks
    picture = tmp_path / "picture.png"
    (told,) = json.loads(succeeds(2, "minialex", *command, "--devices", "ranks", "--out", picture))
    (want,) = json.loads(run(capsys, *command)[1])
    assert [one["label"] for one in told["top"]] == [one["label"] for one in want["top"]]
    assert picture.exists()

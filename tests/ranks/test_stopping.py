"""Runs over ranks that are stopped within an epoch: all ranks stop at the same step, and go on in any layout."""

import json
import signal

import pytest
from console import run
from small_runs import arrays, assert_same_run

from minialex.cli import main
from minialex.files.lock import locked

pytestmark = pytest.mark.ranks
SMALL = ("--limit", "42", "--batch", "16", "--image-size", "16", "--epochs", "2", "--workers", "1", "--quiet")
RESUME = ("train", "--quiet", "--resume", "--workers", "1")
LAYOUTS = {
    "data": ("--devices", "ranks"),
    "groups": ("--devices", "rank:0,rank:1"),
    "hybrid": ("--devices", "ranks", "--split", "hybrid", "--model", "cifar_80sec"),
}


@pytest.fixture(scope="module")
def unbroken(succeeds, tmp_path_factory):
    """unbroken(layout): the folder of a run on two ranks that nothing has stopped."""
    folder = tmp_path_factory.mktemp("unbroken")

    def trained(layout):
        if not (folder / layout).exists():
            succeeds(2, "minialex", "train", *SMALL, *LAYOUTS[layout], "--out", folder / layout)
        return folder / layout

    return trained


def position_in(out):
    return json.loads(str(arrays(out / "checkpoint.npz")["about"]))["position"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_signal_to_one_rank_stops_all_with_a_checkpoint_within_the_epoch(
    mpiexec, succeeds, unbroken, tmp_path, layout
):
    out = tmp_path / "run"
    number = int(signal.SIGTERM)
    done = mpiexec(2, "stopping.py", number, "train", *SMALL, *LAYOUTS[layout], "--out", out, seconds=30)
    assert done.returncode == 128 + number
    assert done.stderr == "minialex train: stopped; the checkpoint is of epoch 2, step 2\n"
    assert not list(out.glob(".*"))
    assert (position_in(out)["step"], position_in(out)["images"]) == (2, 32)
    succeeds(2, "minialex", *RESUME, *LAYOUTS[layout], "--out", out)
    assert_same_run(out, unbroken(layout))


def test_ranks_write_their_checkpoints_of_minutes_at_the_same_steps(mpiexec, succeeds, unbroken, tmp_path):
    """Rank 1 is killed after step 2: rank 0 may have written that one, or the one before."""
    out, minutes = tmp_path / "run", ("--checkpoint-minutes", "1e-9")
    mpiexec(2, "stopping.py", 9, "train", *SMALL, *minutes, *LAYOUTS["groups"], "--out", out, seconds=30)
    assert position_in(out)["step"] in (1, 2)
    succeeds(2, "minialex", *RESUME, *LAYOUTS["groups"], "--out", out)
    assert_same_run(out, unbroken("groups"))


def test_a_run_stopped_over_ranks_goes_on_in_one_process_and_back(mpiexec, succeeds, capsys, tmp_path):
    out, resume = tmp_path / "run", ("train", "--quiet", "--resume", "--out", tmp_path / "run")
    mpiexec(2, "stopping.py", 15, "train", *SMALL, *LAYOUTS["data"], "--out", out, seconds=30)
    assert position_in(out)["step"] == 2
    status, _, err = run(capsys, *resume, "--epochs", 3, "--devices", "cpu")
    assert (status, err) == (0, "")
    succeeds(2, "minialex", *resume, "--epochs", 4, "--devices", "ranks")
    assert len((out / "metrics.csv").read_text().splitlines()) == 5


def test_a_damaged_checkpoint_is_replaced_by_the_one_before_on_all_ranks(succeeds, unbroken, tmp_path):
    out = tmp_path / "run"
    succeeds(2, "minialex", "train", *SMALL, *LAYOUTS["groups"], "--out", out)
    (out / "checkpoint.npz").write_bytes(b"damaged")
    succeeds(2, "minialex", *RESUME, *LAYOUTS["groups"], "--out", out)
    assert_same_run(out, unbroken("groups"))


def test_what_the_first_rank_refuses_all_refuse(mpiexec, tmp_path):
    out = tmp_path / "run"
    out.mkdir()
    with locked(out):
        done = mpiexec(2, "minialex", "train", *SMALL, *LAYOUTS["data"], "--out", out, seconds=30)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert "expected a folder for this process alone" in line
    assert main(["train", *SMALL, "--epochs", "1", "--out", str(out)]) == 0
    done = mpiexec(2, "minialex", "train", *SMALL, *LAYOUTS["data"], "--out", out, seconds=30)
    (line,) = done.stderr.splitlines()
    assert "it holds a run already" in line


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("options", [(), ("--check-finite",)])
def test_a_divergence_that_one_rank_sees_ends_all_with_one_line(mpiexec, tmp_path, layout, options):
    command = ("train", *SMALL, *LAYOUTS[layout], *options, "--lr", "1e30", "--out", tmp_path / "run")
    done = mpiexec(2, "minialex", *command, seconds=30)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("minialex train: epoch 1, step ")
    assert "the rate is 1e+30" in line

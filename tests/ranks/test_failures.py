"""Where one rank fails all end, in seconds and with one line; what was finished is kept."""

import signal
import time

import pytest
from small_runs import arrays

pytestmark = pytest.mark.ranks
SMALL = ("--limit", "40", "--batch", "16", "--image-size", "16", "--epochs", "500", "--quiet", "--devices", "ranks")


@pytest.mark.parametrize(("how", "message"), [
    ("raise", "minialex: TypeError: a bug (failing.py, line 19); add --debug (rank 1)"),
    ("error", "minialex train: the disk is full (rank 1)"),
    ("exit0", "minialex: sys.exit(0) was called (rank 1)"),
    ("exit3", "minialex: sys.exit(3) was called (rank 1)"),
])  # fmt: skip
def test_all_end_where_one_fails(mpiexec, tmp_path, how, message):
    done = mpiexec(3, "failing.py", how, "train", *SMALL, "--out", tmp_path / "run", seconds=30)
    assert done.returncode == (3 if how == "exit3" else 1)
    assert done.stderr.splitlines() == [message]
    assert "net/fc8.W" in arrays(tmp_path / "run" / "checkpoint.npz")


def test_all_end_where_one_is_killed(mpiexec, tmp_path):
    """The launcher reports it, in words of its own."""
    done = mpiexec(3, "failing.py", "kill", "train", *SMALL, "--out", tmp_path / "run", seconds=30)
    assert done.returncode != 0
    assert "net/fc8.W" in arrays(tmp_path / "run" / "checkpoint.npz")


def test_a_failure_of_all_is_reported_once(mpiexec, tmp_path):
    done = mpiexec(4, "minialex", "train", *SMALL, "--lr", 1e6, "--out", tmp_path / "run", seconds=30)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("minialex train: epoch 1")


def test_an_interrupted_launcher_leaves_a_checkpoint_to_resume(start, succeeds, tmp_path):
    out, limit = tmp_path / "run", time.monotonic() + 60
    with start(2, "minialex", "train", *SMALL, "--out", out) as process:
        while not (out / "curves.png").exists():
            assert process.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    (line,) = [line for line in err.splitlines() if line.startswith("minialex")]
    assert line.startswith("minialex train: stopped; the checkpoint is of ")
    epochs = str(arrays(out / "checkpoint.npz")["history"]).count('"epoch"')
    assert not list(out.glob(".*"))  # no file is left half written
    devices = ("--devices", "ranks", "--epochs", epochs + 1)
    succeeds(2, "minialex", "train", "--quiet", "--resume", "--out", out, *devices)


@pytest.mark.parametrize(("message", "arguments"), [
    ("add --devices ranks, or start it without mpiexec",            ("train",)),
    ("expected one process, got 3, each of which would do the same", ("reproduce", "relu")),
    ("expected 2 processes, got 3; mpiexec -n 2",                   ("train", "--devices", "rank:0,rank:1")),
    ("did you mean --epochs?",                                      ("train", "--epoch", "3", "--devices", "ranks")),
    ("got norm1 (BatchNorm); train it in one process", ("train", "--model", "cifar_fast", "--devices", "ranks")),
])  # fmt: skip
def test_what_cannot_run_over_ranks_is_refused_once(mpiexec, tmp_path, monkeypatch, message, arguments):
    monkeypatch.chdir(tmp_path)
    done = mpiexec(3, "minialex", *arguments, seconds=30)
    assert (done.returncode > 0, done.stdout) == (True, "")
    (line,) = done.stderr.splitlines()
    assert message in line
    assert not (tmp_path / "runs").exists()

"""A run that a signal stops: a checkpoint after the running step, and the folder as it should be."""

import os
import signal
import subprocess
import sys
import time

import pytest
from small_runs import assert_same_run, settings

from minialex.interrupts import Stopped
from minialex.training import run as runs
from minialex.training.keeper import Keeper
from minialex.training.run import train_run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
SMALL = {"epochs": 2, "batch": 16, "limit": 48, "model": "cifar_80sec", "lr": 0.001}  # 3 steps an epoch


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "run"
    train_run(settings(**SMALL), out, progress=False)
    return out


@pytest.fixture
def signals(monkeypatch):
    """Send a signal in the given calls of after_step (of which three batches of validation follow each epoch)."""
    after_step, calls = Keeper.after_step, []

    def sending(numbers):
        def after_one(keeper, position):
            calls.append(position.step)
            if number := numbers.get(len(calls)):
                signal.raise_signal(number)
                time.sleep(0.001)
            after_step(keeper, position)

        monkeypatch.setattr(Keeper, "after_step", after_one)

    return sending


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(("call", "kept"), [(1, "epoch 1, step 1"), (5, "epoch 1, step 3"), (7, "epoch 2, step 1")])
def test_a_signal_ends_the_run_with_a_checkpoint_after_the_step(
    whole, tmp_path, signals, number, call, kept, without_pictures
):  # fmt: skip
    signals({call: number})  # the fifth call is the second batch of validation
    with pytest.raises(Stopped, match=f"stopped; the checkpoint is of {kept}") as stopped:
        train_run(settings(**SMALL), tmp_path / "run", progress=False)
    assert stopped.value.number == number
    assert not list((tmp_path / "run").glob(".*"))
    signals({})
    train_run(settings(**SMALL), tmp_path / "run", resume=True, progress=False)
    assert_same_run(whole, tmp_path / "run", pictures=False)


def test_a_signal_while_an_epochs_files_are_written_ends_the_run_after_them(whole, tmp_path, monkeypatch):
    keep = runs.keep

    def interrupted(*arguments):
        signal.raise_signal(signal.SIGINT)
        keep(*arguments)

    monkeypatch.setattr(runs, "keep", interrupted)
    with pytest.raises(Stopped, match="stopped; the checkpoint is of the end of epoch 1"):
        train_run(settings(**SMALL), tmp_path / "run", progress=False)
    assert (tmp_path / "run" / "curves.png").exists()
    monkeypatch.setattr(runs, "keep", keep)
    train_run(settings(**SMALL), tmp_path / "run", resume=True, progress=False)
    assert_same_run(whole, tmp_path / "run")


def test_a_second_signal_ends_the_run_at_once_with_the_checkpoint_before(tmp_path, signals, monkeypatch):
    save = runs.save_newest

    def impatient(*arguments):
        save(*arguments)
        signal.raise_signal(signal.SIGTERM)
        time.sleep(0.001)

    monkeypatch.setattr(runs, "save_newest", impatient)
    signals({2: signal.SIGINT})
    with pytest.raises(Stopped, match="stopped at once; the last checkpoint is kept") as stopped:
        train_run(settings(**SMALL), tmp_path / "run", progress=False)
    assert stopped.value.number == signal.SIGTERM
    assert (tmp_path / "run" / "checkpoint.npz").exists()


def test_handlers_are_set_back(tmp_path):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    train_run(settings(**SMALL | {"epochs": 1}), tmp_path / "run", progress=False)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_program_says_how_to_go_on(number, status, tmp_path):
    options = ["--model", "cifar_80sec", "--epochs", "400", "--limit", "64", "--batch", "16", "--out", "run"]
    command = [sys.executable, "-m", "minialex", "train", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": tmp_path}
    with subprocess.Popen(command, **pipes) as process:
        while "epoch   1/400" not in process.stdout.readline():
            pass
        process.send_signal(number)
        out, err = process.communicate(timeout=300)
    assert process.returncode == status
    assert out.splitlines()[-1] == "next: minialex train --resume --out run"
    assert "minialex train: stopped; the checkpoint is of " in err.splitlines()[-1]
    assert "Traceback" not in err

"""A run that is stopped inside an epoch and resumed is the run that was never stopped, bit for bit."""

import os
import random
import signal
import time
from contextlib import suppress

import pytest
from slow import all_but
from small_runs import assert_same_run, settings

from minialex import load_run
from minialex.training import run as runs
from minialex.training.run import train_run

ALWAYS = 1e-9  # minutes between checkpoints: one after every step
SMALL = {"epochs": 2, "batch": 16, "limit": 48, "image_size": 16, "scale": 16}  # 3 steps an epoch
FAST = {"model": "cifar_80sec", "lr": 0.001}  # without dropout, 40 times smaller than the classroom net
KINDS = {
    "augmented": {"augment": ("crop", "reflection", "colour"), "scale": 18},
    "two groups": {"devices": "cpu:0,cpu:1"},
    "one worker": FAST | {"workers": 1},
    "two workers": FAST | {"workers": 2},
    "frozen": FAST | {"freeze": ("conv1", "conv2"), "lr_factor": ("fc5=10",)},
    "plateau": FAST | {"schedule": "plateau", "epochs": 9, "lr": 1e-9},
    "Nesterov, rate by step": FAST | {"nesterov": True, "schedule": "warm-up:2,one-cycle"},
    "clipped": FAST | {"clip": 0.5, "smoothing": 0.1},
    "Adam": FAST | {"optimizer": "adam", "weight_decay": 0.01},
    "Muon": FAST | {"optimizer": "muon"},
    "averaged": FAST | {"average": "ema:0.9", "augment": ("crop",), "scale": 18},
    "Lookahead": FAST | {"average": "lookahead:0.9", "epochs": 3, "schedule": "one-cycle"},
    "after airbench": {"model": "cifar_airbench", "width": 8, "image_size": 32, "scale": 32},
    "batch normalization": {"model": "cifar_fast", "image_size": 32, "scale": 32},
}


class Killed(BaseException):
    """A process that ends between two of its writes."""


def of(kind):
    return settings(**{**SMALL, **KINDS[kind]})


def resumed_until_done(config, out, numbers, monkeypatch):
    """Train; raise Killed after the given numbers of checkpoints, and resume; return the positions resumed from."""
    save, positions = runs.save_newest, []

    def counting(config, out, net, sgd, kept, average):
        save(config, out, net, sgd, kept, average)
        left[0] -= 1
        if left[0] == 0:
            positions.append(kept.position.step)
            raise Killed

    monkeypatch.setattr(runs, "save_newest", counting)
    for number in [*numbers, 10**9]:
        left = [number]
        with suppress(Killed):
            train_run(config, out, resume=out.exists(), minutes=ALWAYS, progress=False)
            return positions
    raise AssertionError("never done")


@pytest.mark.parametrize("kind", all_but(["plateau", "Muon", "averaged"], KINDS))
def test_a_run_stopped_in_the_midst_of_epochs_is_the_same(kind, tmp_path, monkeypatch, without_pictures):
    config = of(kind)
    train_run(config, tmp_path / "whole", progress=False)
    positions = resumed_until_done(config, tmp_path / "run", [1, 2, 2], monkeypatch)
    assert len(positions) == 3
    assert any(0 < step < 3 for step in positions)
    assert_same_run(tmp_path / "whole", tmp_path / "run", pictures=False)
    whole, run = (load_run(tmp_path / name) for name in ("whole", "run"))
    assert whole.evaluate(views=10) == run.evaluate(views=10)


def test_a_run_stopped_between_its_last_step_and_validation_is_the_same(tmp_path, monkeypatch):
    config = of("two workers")
    train_run(config, tmp_path / "whole", progress=False)
    assert resumed_until_done(config, tmp_path / "run", [3], monkeypatch) == [3]
    assert_same_run(tmp_path / "whole", tmp_path / "run")


def test_a_different_position_would_be_noticed(tmp_path, monkeypatch):
    """The comparison can fail: a resume that leaves out one batch is another run."""
    config = of("two workers")
    train_run(config, tmp_path / "whole", progress=False)
    load = runs.continued

    def one_further(*arguments, **options):
        kept = load(*arguments, **options)
        return kept._replace(position=kept.position._replace(step=kept.position.step + 1))

    monkeypatch.setattr(runs, "continued", one_further)
    resumed_until_done(config, tmp_path / "run", [1], monkeypatch)
    with pytest.raises(AssertionError):
        assert_same_run(tmp_path / "whole", tmp_path / "run")


# Real processes


def killed_at_random(config, out, draw, longest):
    """Train in a child process that is killed after a random time; return whether it was done before."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            train_run(config, out, resume=out.exists(), minutes=ALWAYS, progress=False)
            status = 0
        finally:
            os._exit(status)
    end = time.monotonic() + draw.uniform(0, longest)
    while time.monotonic() < end:
        if (ended := os.waitpid(child, os.WNOHANG))[0]:
            assert os.waitstatus_to_exitcode(ended[1]) == 0
            return True
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status == 0


def killed_until_done(config, out, seed, least):
    """Kill and resume until the run is done; return how often it was killed, and how often inside a write."""
    draw, kills, inside, longest = random.Random(seed), 0, 0, 0.3
    while not killed_at_random(config, out, draw, longest):
        kills += 1
        inside += bool(list(out.glob(".*.partial")))
        longest *= 1.0 if kills < least else 1.5  # on a busy machine some get further only later
    return kills, inside


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.mark.slow
@forks
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_process_that_is_killed_a_few_times_ends_as_if_it_had_not_been(tmp_path):
    config = of("two workers")
    train_run(config, tmp_path / "whole", progress=False)
    killed_until_done(config, tmp_path / "run", seed=0, least=3)
    assert_same_run(tmp_path / "whole", tmp_path / "run")
    assert not list((tmp_path / "run").glob(".*"))  # no lock and no half-written file is left


@pytest.mark.slow
@forks
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_processes_that_are_killed_many_times(tmp_path, without_pictures, capsys):
    """At random moments: while files are read, steps taken, checkpoints written."""
    kills = inside = seed = 0
    while seed < len(KINDS) or (kills < 40 and seed < 10 * len(KINDS)):  # each kind, and again on a fast machine
        kind = list(KINDS)[seed % len(KINDS)]
        config, whole, out = of(kind), tmp_path / kind, tmp_path / f"{kind}, {seed}"
        if not whole.exists():
            train_run(config, whole, progress=False)
        more, more_inside = killed_until_done(config, out, seed, least=4)
        kills, inside, seed = kills + more, inside + more_inside, seed + 1
        assert_same_run(whole, out, pictures=False)
        assert not list(out.glob(".*"))
    with capsys.disabled():
        print(f"\n{kills} processes killed, {inside} of them inside a write; every run the same, bit for bit")
    assert kills >= 40
    assert inside >= 1

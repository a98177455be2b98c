"""A run in its folder: exact resume, and nothing lost when something goes wrong."""

from dataclasses import replace

import numpy as np
import pytest
from small_runs import arrays, assert_same_run, settings

from minialex import load_run
from minialex.training import run as runs
from minialex.training.config import RunConfig
from minialex.training.divergence import Diverged
from minialex.training.history import COLUMNS, read_history
from minialex.training.run import train_run
from minialex.training.run_folder import free_folder


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """A run of three epochs that nothing stopped."""
    out = tmp_path_factory.mktemp("complete") / "run"
    train_run(settings(), out)
    return out


def test_the_same_seed_gives_the_same_run_and_another_does_not(complete, tmp_path):
    train_run(settings(), tmp_path / "again")
    assert_same_run(complete, tmp_path / "again")
    train_run(settings(seed=4, epochs=1), tmp_path / "other")
    assert (arrays(complete / "best.npz")["net/fc8.W"] != arrays(tmp_path / "other" / "best.npz")["net/fc8.W"]).any()


@pytest.mark.parametrize("stopped_after", [1, 2])
def test_a_run_that_was_killed_is_resumed_as_if_it_had_not_been(complete, tmp_path, monkeypatch, stopped_after):
    keep = runs.keep

    def killed(config, out, net, sgd, history, average):
        keep(config, out, net, sgd, history, average)
        if len(history) == stopped_after:
            raise KeyboardInterrupt

    monkeypatch.setattr(runs, "keep", killed)
    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        train_run(settings(), out)
    assert len(read_history(out / "metrics.csv")) == stopped_after
    monkeypatch.setattr(runs, "keep", keep)
    history = train_run(settings(), out, resume=True)
    assert [row["epoch"] for row in history] == [1, 2, 3]
    assert_same_run(complete, out)


def test_of_processes_that_each_have_work_of_their_own_each_writes_its_files(tmp_path, monkeypatch):
    monkeypatch.setenv("SLURM_PROCID", "3")  # as srun starts a program that does not use the others
    monkeypatch.setenv("SLURM_STEP_NUM_TASKS", "4")
    train_run(settings(epochs=1, limit=10), tmp_path)
    assert {"config.json", "metrics.csv", "checkpoint.npz", "curves.png"} <= {path.name for path in tmp_path.iterdir()}


def test_the_folder_holds_the_files_of_the_design(complete):
    names = {path.name for path in complete.iterdir()}
    assert names == {"config.json", "metrics.csv", "checkpoint.npz", "checkpoint-previous.npz", "best.npz",
                     "curves.png", "filters.png", "predictions.png"}  # fmt: skip
    assert (complete / "metrics.csv").read_text().splitlines()[0] == ",".join(COLUMNS)
    config = RunConfig.read(complete)
    assert config.classes[0] == "red disc, level"
    assert config.seed == 3


def test_best_is_the_net_of_the_lowest_validation_error(complete):
    run = load_run(complete)
    assert not run.net.training
    assert run.net.input_mean.shape == (3, 16, 16)
    best = arrays(complete / "best.npz")
    for name, value in run.net.state().items():
        np.testing.assert_array_equal(best[f"net/{name}"], value)


def test_a_folder_with_a_run_is_refused_and_left(complete):
    before = {path.name: path.read_bytes() for path in complete.iterdir()}
    with pytest.raises(ValueError, match="it holds a run already; choose another --out, or add --resume"):
        train_run(settings(), complete)
    assert before == {path.name: path.read_bytes() for path in complete.iterdir()}


def test_a_loss_that_is_not_finite_leaves_what_was_finished(tmp_path, monkeypatch):
    out = tmp_path / "run"
    train_run(settings(epochs=1), out)
    checkpoint = arrays(out / "checkpoint.npz")
    fit = runs.fit

    def from_huge_weights(net, *arguments, **settings):
        for _, layer in net.walk():
            for value in layer.params.values():
                value *= 1e30
        return fit(net, *arguments, **settings)

    monkeypatch.setattr(runs, "fit", from_huge_weights)
    with np.errstate(all="ignore"), pytest.raises(Diverged, match=r"epoch 2, step 1: the loss is .*try a tenth of it"):
        train_run(settings(epochs=2), out, resume=True)
    assert len(read_history(out / "metrics.csv")) == 1
    after = arrays(out / "checkpoint.npz")
    for name, value in checkpoint.items():
        np.testing.assert_array_equal(value, after[name])


def test_a_damaged_checkpoint_is_named(complete, tmp_path):
    config = RunConfig.read(complete)
    config.write(tmp_path)
    (tmp_path / "checkpoint.npz").write_bytes((complete / "checkpoint.npz").read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"checkpoint\.npz: expected an npz file of arrays"):
        train_run(config, tmp_path, resume=True)


def test_weights_of_another_net_are_refused(complete, tmp_path):
    replace(RunConfig.read(complete), model="cifar_80sec").write(tmp_path)
    (tmp_path / "best.npz").write_bytes((complete / "best.npz").read_bytes())
    with pytest.raises(RuntimeError, match="model is 'cifar_80sec', was 'small_alexnet'"):
        load_run(tmp_path)
    held = arrays(complete / "best.npz")
    np.savez(tmp_path / "best.npz", **{name: held[name] for name in held.keys() - {"about"}})  # of an older version
    with pytest.raises(ValueError, match="use a state of the same net"):
        load_run(tmp_path)


def test_runs_are_numbered(tmp_path):
    assert free_folder(tmp_path, ["a", "b"]) == tmp_path / "a-b-1"
    (tmp_path / "a-b-1").mkdir()
    assert free_folder(tmp_path, ["a", "b"]) == tmp_path / "a-b-2"


@pytest.mark.parametrize("left", ["checkpoint.npz", "best.npz"])
def test_a_folder_with_any_weights_is_refused(complete, tmp_path, left):
    (tmp_path / left).write_bytes((complete / left).read_bytes())
    with pytest.raises(ValueError, match="it holds a run already"):
        train_run(settings(), tmp_path)

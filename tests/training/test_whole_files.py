"""The files of a run cannot lie: damage is noticed, edits are asked about, a newer format is refused."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from damage import silently_other
from slow import all_but
from small_runs import arrays, assert_same_run, settings

from minialex import load_run
from minialex.cli import main
from minialex.training import run as runs
from minialex.training.checkpoint import load_checkpoint
from minialex.training.config import RunConfig
from minialex.training.edits import Edited
from minialex.training.history import read_history
from minialex.training.resuming import NEWEST, PREVIOUS
from minialex.training.rules import sgd_of
from minialex.training.run import train_run

CONFIG = settings(model="cifar_80sec", lr=0.001, epochs=2, batch=20, limit=40)  # 2 steps an epoch


class Killed(BaseException):
    """A process that ends between two of its writes."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "run"
    train_run(CONFIG, out, progress=False)
    return out


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """The folder of a run that was killed after the first step of its second epoch."""
    out, save = tmp_path_factory.mktemp("killed") / "run", runs.save_newest

    def save_and_die(config, out, net, sgd, kept, average):
        save(config, out, net, sgd, kept, average)
        if len(kept.history) == 1 and kept.position.step == 1:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "save_newest", save_and_die)
        with pytest.raises(Killed):
            train_run(CONFIG, out, minutes=1e-9, progress=False)
    return out


@pytest.fixture
def copy(killed, tmp_path):
    return shutil.copytree(killed, tmp_path / "run")


def resumed(out, **options):
    return train_run(RunConfig.read(out), out, resume=True, progress=False, **options)


# The checkpoint and the one before


def test_the_checkpoint_before_the_newest_is_kept(copy):
    net, sgd = a_net(copy)
    assert str(load_checkpoint(copy / NEWEST, net, sgd)) == "epoch 2, step 1"
    assert str(load_checkpoint(copy / PREVIOUS, net, sgd)) == "the end of epoch 1"


def a_net(out):
    config = RunConfig.read(out)
    net = config.build(np.random.default_rng(0))
    return net, sgd_of(config, net)


@pytest.mark.parametrize("damage", all_but(["bit"], ["cut", "empty", "gone", "bit"]))
def test_a_damaged_newest_falls_back_with_a_warning(whole, copy, damage, capsys):
    raw = (copy / NEWEST).read_bytes()
    middle = len(raw) // 2
    flipped = raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
    (copy / NEWEST).unlink()
    if damage != "gone":
        (copy / NEWEST).write_bytes({"cut": raw[:middle], "empty": b"", "bit": flipped}[damage])
    resumed(copy)
    err = capsys.readouterr().err
    assert "checkpoint.npz: expected" in err
    assert "goes on from checkpoint-previous.npz, of the end of epoch 1; what came after it is computed again" in err
    assert_same_run(whole, copy)


def test_a_fallback_keeps_the_good_checkpoint_until_another_is_written(copy, monkeypatch):
    good = (copy / PREVIOUS).read_bytes()
    (copy / NEWEST).write_bytes(b"damaged")

    def fit(*arguments, **options):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(runs, "fit", fit)
        with pytest.raises(Killed):
            resumed(copy)
    assert (copy / NEWEST).read_bytes() == (copy / PREVIOUS).read_bytes() == good


def test_two_damaged_checkpoints_are_an_error_that_names_the_newest(copy, capsys):
    for name in (NEWEST, PREVIOUS):
        (copy / name).write_bytes(b"damaged")
    with pytest.raises(ValueError, match=r"checkpoint\.npz: expected an npz file of arrays, .*; start a new run"):
        resumed(copy)
    assert (copy / NEWEST).read_bytes() == b"damaged"


def read_all(path, read, out):
    """Return all that is read from a checkpoint or from weights, as bytes."""
    net, sgd = a_net(out)
    result = read(path, net, sgd)
    parts = [*net.state().items(), *sgd.state().items(), ("mean", net.input_mean), ("std", np.array(net.input_std))]
    draws = [layer.rng.bit_generator.state for _, layer in net.walk() if layer.rng]
    return result, draws, [(name, a.dtype.str, a.shape, a.tobytes()) for name, a in parts]


def read_best(path, net, sgd):
    return load_run(path.parent).net.state().keys()


@pytest.mark.parametrize("count", [60, pytest.param(3000, marks=pytest.mark.slow)])
def test_no_damage_of_a_checkpoint_is_read_silently(copy, count):
    path = copy / NEWEST
    read = lambda: read_all(path, load_checkpoint, copy)  # noqa: E731
    assert not silently_other(path, path.read_bytes(), read, count)


@pytest.mark.parametrize("count", [60, pytest.param(3000, marks=pytest.mark.slow)])
def test_no_damage_of_the_best_weights_is_read_silently(copy, count):
    path = copy / "best.npz"

    def read():
        run = load_run(copy)
        state = [(name, a.dtype.str, a.shape, a.tobytes()) for name, a in run.net.state().items()]
        return state, run.net.input_mean.tobytes(), np.array(run.net.input_std).tobytes()

    assert not silently_other(path, path.read_bytes(), read, count)


# Edits


def edit(path, **changes):
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | changes))


@pytest.mark.parametrize(("name", "value", "told"), [
    ("lr", 0.0005, "lr is 0.0005, was 0.001"), ("seed", 4, "seed is 4, was 3"), ("batch", 10, "batch is 10, was 20"),
    ("augment", ["reflection"], r"augment is \['reflection'\], was \[\]"), ("limit", None, "limit is None, was 40"),
    ("classes", ["?"] * 12, "classes is"),
])  # fmt: skip
def test_an_edited_setting_is_named_and_refused(copy, name, value, told):
    edit(copy / "config.json", **{name: value})
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    config = RunConfig.read(copy)
    match = rf"config\.json: expected the settings .*{told}.*accept it with .*--resume --accept-edits --out .*run"
    if name == "classes":
        config = replace(config, classes=RunConfig.read(copy).classes)
        with pytest.raises((Edited, ValueError), match="classes"):
            resumed(copy)
    else:
        with pytest.raises(Edited, match=match):
            resumed(copy)
    assert before == {path.name: path.read_bytes() for path in copy.iterdir()}


def test_an_edited_setting_can_be_accepted(copy, capsys):
    edit(copy / "config.json", lr=0.0005)
    resumed(copy, accept_edits=True)
    assert "accepted: " in capsys.readouterr().err
    assert [row["lr"] for row in read_history(copy / "metrics.csv")] == [0.001, 0.0005]
    assert resumed(copy)[-1]["lr"] == 0.0005  # not asked about again
    assert load_run(copy).history[-1]["lr"] == 0.0005


@pytest.mark.slow
@pytest.mark.parametrize("change", [{"devices": "cpu"}, {"workers": 1}, {"epochs": 3}])
def test_what_computes_and_how_long_may_change(copy, change):
    edit(copy / "config.json", **change)
    assert len(resumed(copy)) == change.get("epochs", 2)


def test_settings_of_the_net_are_compared_with_its_weights(whole, tmp_path):
    run = shutil.copytree(whole, tmp_path / "run")
    classes = list(RunConfig.read(run).classes)
    edit(run / "config.json", classes=[classes[1], classes[0], *classes[2:]])
    with pytest.raises(
        Edited, match=r"config\.json: expected the settings that the run was trained with, got 1: class"
    ):
        load_run(run)


@pytest.mark.parametrize(
    ("old", "new"),
    all_but([("1,", "1.0,")], [("1,", "1.0,"), (",0.001,", ",0.002,"), ("\n1", "\n1,1"), ("val_loss", "val")]),
)
def test_edited_metrics_are_refused_and_can_be_written_again(copy, whole, old, new):
    path = copy / "metrics.csv"
    text = path.read_text()
    path.write_text(text.replace(old, new, 1))
    match = r"metrics\.csv: expected what the checkpoint contains, .* in line .*--accept-edits --out .*: it is then wri"
    for use in (resumed, lambda out: load_run(out).history):
        with pytest.raises(Edited, match=match):
            use(copy)
    resumed(copy, accept_edits=True)
    assert_same_run(whole, copy)


def test_missing_lines_of_metrics_are_refused_but_the_last(copy, whole):
    path = copy / "metrics.csv"
    header = path.read_text().splitlines()[0]
    for rest in ("", "\n"):
        path.write_text(rest)
        with pytest.raises(Edited, match=r"in line 1, got "):
            resumed(copy)
    path.write_text(header + "\n")  # as after a kill between the checkpoint and the table
    resumed(copy)
    assert_same_run(whole, copy)


def test_metrics_that_are_gone_are_written_again(copy, whole):
    (copy / "metrics.csv").unlink()
    resumed(copy)
    assert_same_run(whole, copy)


# Formats


def test_a_run_of_format_1_is_resumed(copy, whole):
    """Its files say nothing about themselves, and its checkpoint is that of an epoch."""
    (copy / NEWEST).unlink()
    for name in (PREVIOUS, "best.npz"):
        np.savez(copy / name, **{key: value for key, value in arrays(copy / name).items() if key != "about"})
    (copy / PREVIOUS).rename(copy / NEWEST)
    load_run(copy).evaluate()
    resumed(copy)
    ours, theirs = arrays(whole / NEWEST), arrays(copy / NEWEST)
    assert ours.keys() == theirs.keys()
    for key in ours.keys() - {"history"}:
        np.testing.assert_array_equal(ours[key], theirs[key])


@pytest.mark.parametrize("name", [NEWEST, "best.npz"])
def test_a_newer_format_is_refused_without_falling_back(copy, name, capsys):
    held = arrays(copy / name)
    held["about"] = np.array(json.dumps(json.loads(str(held["about"])) | {"format": 3}))
    np.savez(copy / name, **held)
    match = rf"{name}: expected format 2 or an older one, got 3, of a newer version; pip install --upgrade minialex"
    use = resumed if name == NEWEST else load_run
    with pytest.raises(RuntimeError, match=match):
        use(copy)


def test_a_setting_of_a_newer_version_is_refused(copy, capsys):
    edit(copy / "config.json", mixup=True)
    assert main(["evaluate", str(copy)]) == 1
    assert "config.json: expected settings that this version has, got 'mixup'; " in capsys.readouterr().err


# The beginning


def test_resume_before_the_first_checkpoint_begins_anew_and_says_so(tmp_path, whole, capsys):
    out = tmp_path / "run"
    out.mkdir()
    CONFIG.write(out)
    resumed(out)
    assert f"{out}: no checkpoint was written there yet; the run starts anew" in capsys.readouterr().err
    assert_same_run(whole, out)


def test_resume_of_a_run_that_was_killed_while_it_loaded_takes_the_options_given(tmp_path, capsys):
    out = tmp_path / "run"
    out.mkdir()
    (out / ".lock").write_text("process 1 on a machine")
    options = ["--model", "cifar_80sec", "--image-size", "16", "--epochs", "1", "--limit", "40"]
    assert main(["train", "--resume", "--out", str(out), *options]) == 0
    assert "the run starts anew" in capsys.readouterr().err
    assert RunConfig.read(out).epochs == 1


def test_resume_in_a_folder_without_a_run_is_refused(tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "none"):
        assert main(["train", "--resume", "--out", str(folder)]) == 1
        assert "expected the folder of a run" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_half_written_files_of_a_killed_run_are_removed(copy):
    for name in (".checkpoint.npz.01234567.partial", ".best.npz.0123abcd.partial"):
        (copy / name).write_bytes(b"half")
    resumed(copy)
    assert not list(copy.glob(".*"))


def test_two_trainings_in_one_folder_are_refused(copy, monkeypatch):
    fit, tried = runs.fit, []

    def while_it_trains(*arguments, **options):
        if not tried:
            tried.append(True)
            with pytest.raises(RuntimeError, match=r"run: expected a folder for this process alone, got .* works in"):
                resumed(copy)
        return fit(*arguments, **options)

    monkeypatch.setattr(runs, "fit", while_it_trains)
    resumed(copy)
    assert tried


def test_a_run_that_fails_before_it_keeps_anything_leaves_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        train_run(replace(CONFIG, data=str(tmp_path / "none")), tmp_path / "runs" / "one")
    assert not list(tmp_path.iterdir())

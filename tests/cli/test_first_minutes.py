"""The first minutes of a user: help, a training in a terminal and in a log, Ctrl-C, words of other libraries."""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys

import numpy as np
import pytest
from console import refused, run
from PIL import Image

import minialex
from minialex.cli import Parser, main
from minialex.cli.arguments import add_commands
from minialex.models import RECIPES
from minialex.plots import predictions
from minialex.training import read_history
from minialex.training import run as runs
from minialex.training.config import RunConfig
from minialex.training.rules import sgd_of

SHORT = ("--limit", "60", "--batch", "20", "--image-size", "16", "--epochs", "2")


def parser():
    top = Parser(prog="minialex")
    add_commands(top)
    return top


def parsers_below(top):
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield below
                yield from parsers_below(below)


# -- help ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", list(parsers_below(parser())), ids=lambda p: p.prog)
def test_every_command_has_examples_that_it_understands(one):
    heading, *lines = one.epilog.splitlines()
    assert heading == "examples:"
    for line in lines:
        command = re.split(r"\s{3,}", line.strip())[0]
        assert f"{command} ".startswith(f"{one.prog} ")
        assert parser().parse_args(shlex.split(command.partition(" > ")[0])[1:]).command


def test_the_version(capsys):
    assert run(capsys, "--version") == (0, f"minialex {minialex.__version__}\n", "")


def test_the_models(capsys):
    status, out, _ = run(capsys, "models", "--json")
    listed = {row["model"]: row for row in json.loads(out)}
    assert (status, list(listed)) == (0, list(RECIPES))
    assert listed["alexnet"]["parameters"] == 60_965_224
    small = {"model": "small_alexnet", "image_size": 32, "groups": 2, "epochs": 4, "lr": 0.005, "batch": 128}
    assert listed["small_alexnet"].items() >= small.items()
    status, text, _ = run(capsys, "models")
    assert "60,965,224" in text
    assert max(map(len, text.splitlines()[:-1])) <= 80
    explained = run(capsys, "train", "--help")[1]
    for name, row in listed.items():
        assert re.search(rf"^{name} +{row['parameters']:,} ", text, re.MULTILINE)
        assert name in explained


# fmt: off
UNKNOWN = [
    ("--epoch 2; did you mean --epochs?",            "train", "--epoch", "2"),
    ("--batch-size=3; did you mean --batch?",        "train", "--batch-size=3"),
    ("--learning-rate 1; did you mean --lr?",        "train", "--learning-rate", "1"),
    ("arguments: --zzz; see minialex train --help",  "train", "--zzz"),
    ("--class a; did you mean --classes?",           "data", "subset", "f", "--classes", "a", "--out", "o",
                                                     "--class", "a"),
    ("unrecognized arguments: more",                 "summary", "alexnet", "more"),
    ("got 'im'; check the name",                     "train", "--data", "im"),
    ("got 'Foo'; choose one of them",                "gradcheck", "Foo"),
    ("got 'flop'",                                   "train", "--augment", "flop"),
    ("each name once, got reflection reflection",    "train", "--augment", "flip", "mirror"),
    ("0 <= number < 1, got '1'",                     "train", "--momentum", "1"),
    ("0 <= number < 1, got '-1'",                    "train", "--weight-decay", "-1"),
]
# fmt: on


@pytest.mark.parametrize(("message", "arguments"), [(m, a) for m, *a in UNKNOWN])
def test_a_wrong_word_is_answered_with_a_near_one_or_none(capsys, message, arguments):
    err = refused(capsys, 2, message, *arguments)
    assert len(err.splitlines()) == 1


# -- a training, as it is seen ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A training whose output goes to a file: the folder and the text."""
    root = tmp_path_factory.mktemp("log")
    command = [sys.executable, "-m", "minialex", "train", *SHORT, "--out", "r"]
    with (root / "log.txt").open("wb") as file:
        assert subprocess.run(command, cwd=root, stdout=file, stderr=subprocess.STDOUT).returncode == 0
    return root, (root / "log.txt").read_bytes().decode()


def test_a_log_has_one_line_an_epoch_and_no_bar(log):
    root, text = log
    assert "\r" not in text
    lines = text.splitlines()
    assert lines[0].startswith("model   small_alexnet, ")
    assert lines[1:4] == [
        "data    shapes, 10 classes",
        "images  60 for training, 60 for validation, 16 x 16 pixels",
        "run     2 epochs of 3 steps, rate (lr) 0.005; kept in r",
    ]
    rows = read_history(root / "r" / "metrics.csv")
    for line, row in zip(lines[5:7], rows, strict=True):
        start = f"epoch {row['epoch']}/2  loss {row['train_loss']:.3f}  train {row['train_error']:5.1%}"
        assert line.startswith(f"{start}  val {row['val_error']:5.1%}  top-5 {row['val_top5_error']:5.1%}  ")
    assert [line.split(":")[0] for line in lines[7:] if "best" not in line] == ["result", "pictures", "next"]
    assert max(map(len, lines)) <= 79


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_nothing_is_cut_off_in_a_terminal_of_80_columns(tmp_path):
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    command = [sys.executable, "-m", "minialex", "train", *SHORT, "--out", "r"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            break
        written += part
    os.close(ours)
    assert process.wait() == 0
    pieces = re.split(r"[\r\n]+", written.decode())
    assert max(map(len, pieces)) <= 79
    bars = [piece for piece in pieces if "|" in piece]
    assert any("train " in bar and bar.endswith(" left") for bar in bars)
    lines = [line.rsplit("\r", 1)[-1] for line in written.decode().replace("\r\n", "\n").splitlines()]
    assert sum(line.startswith("epoch ") and " val " in line for line in lines) == 2
    assert lines[-1] == "next:     minialex evaluate r"


def test_quiet_prints_the_result_only(capsys, tmp_path):
    status, out, err = run(capsys, "train", *SHORT, "--quiet", "--out", tmp_path / "r")
    assert (status, err) == (0, "")
    assert [line.split(":")[0] for line in out.splitlines()] in (["result"], ["result", "best"])


@pytest.fixture
def stopped(capsys, monkeypatch, tmp_path):
    """What Ctrl-C in the first epoch printed."""

    def ctrl_c(*arguments, **named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runs, "fit", ctrl_c)
        return run(capsys, "train", *SHORT, "--out", tmp_path / "my run")


def test_ctrl_c_prints_the_command_that_resumes(stopped, tmp_path):
    status, out, err = stopped
    assert (status, err) == (130, "minialex train: stopped; finished epochs and files are kept\n")
    assert out.splitlines()[-1] == f"next: minialex train --resume --out '{tmp_path}/my run'"


def test_a_run_that_finished_no_epoch_starts_anew(capsys, stopped, tmp_path):
    status, _, err = run(capsys, *shlex.split(stopped[1].splitlines()[-1])[2:])
    assert (status, err) == (0, f"{tmp_path}/my run: no checkpoint was written there yet; the run starts anew\n")
    assert run(capsys, "train", *SHORT, "--out", tmp_path / "other")[0] == 0
    one, other = (np.load(tmp_path / name / "checkpoint.npz") for name in ("my run", "other"))
    for name in one.files:
        if name.startswith("net/"):
            np.testing.assert_array_equal(one[name], other[name])


def test_ctrl_c_before_the_first_step_leaves_no_command(capsys, monkeypatch, tmp_path):
    def ctrl_c(*arguments, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "load_data", ctrl_c)
    status, out, err = run(capsys, "train", *SHORT, "--out", tmp_path / "r")
    assert (status, out, err) == (130, "", "minialex train: stopped before the first step; nothing was kept\n")


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """Two classes of photographs, larger than what a small net reads."""
    root, rng = tmp_path_factory.mktemp("photographs") / "pets", np.random.default_rng(0)
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            (root / split / label).mkdir(parents=True)
            for i in range(3):
                pixels = rng.integers(0, 256, (300, 400, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(root / split / label / f"{i}.png")
    return root


@pytest.fixture(scope="module")
def two_classes(photographs):
    out = photographs.parent / "run"
    settings = ["--momentum", "0.5", "--weight-decay", "0", "--augment", "flip", "color", "--milestones", "1"]
    assert main(["train", *SHORT, *settings, "--data", str(photographs), "--out", str(out)]) == 0
    return out


def test_the_settings_have_the_papers_names_and_are_used(capsys, two_classes, photographs):
    config = RunConfig.read(two_classes)
    assert (config.momentum, config.weight_decay) == (0.5, 0.0)
    assert (config.augment, config.divide_after) == (("reflection", "colour"), (1,))
    sgd = sgd_of(config, config.build(np.random.default_rng(0)))
    assert (sgd.momentum, sgd.weight_decay) == (0.5, 0.0)
    other = RunConfig.new(model="cifar_80sec", classes=("a", "b"))
    assert sgd_of(other, other.build(np.random.default_rng(0))).weight_decay["fc4"] == 0.03
    message = "--momentum 0.4 differs from the run's 0.5"
    refused(capsys, 2, message, "train", "--resume", "--out", two_classes, "--momentum", "0.4")


def test_five_classes_or_fewer_have_no_top_5_error(capsys, two_classes, photographs):
    status, out, _ = run(capsys, "train", *SHORT, "--data", photographs, "--out", two_classes.parent / "again")
    assert status == 0
    assert "top-5" not in out
    assert "rescaled to 16 x 16 pixels (--image-size)" in " ".join(out.split())
    assert "(chance level: error 50.0%)" in out
    status, out, _ = run(capsys, "evaluate", two_classes)
    assert status == 0
    error = float(re.search(r"top-1 error ([\d.]+)%", out)[1])
    assert f"accuracy {100 - error:.2f}%; chance level: top-1 error 50.00%" in out
    assert "top-5" not in out
    assert "top-5" not in run(capsys, "evaluate", two_classes, "--views", "10")[1]
    assert "top5_error" in json.loads(run(capsys, "evaluate", two_classes, "--json")[1])


def test_predict_draws_the_photograph_and_not_its_16_pixels(capsys, monkeypatch, two_classes, photographs):
    drawn = []
    monkeypatch.setattr(
        "minialex.plots.predictions", lambda images, *a, **b: drawn.append(images) or predictions(images, *a, **b)
    )
    image = photographs / "val" / "cat" / "0.png"
    assert run(capsys, "predict", two_classes, image, "--out", two_classes / "p.png")[0] == 0
    assert [images.shape for images in drawn] == [(1, 3, 256, 256)]


def test_a_large_net_with_few_steps_gets_a_hint(capsys, monkeypatch, photographs, tmp_path):
    monkeypatch.setattr(runs, "fit", lambda *arguments, **named: (_ for _ in ()).throw(KeyboardInterrupt))
    settings = ["--model", "alexnet_single", "--image-size", "67", "--batch", "2", "--epochs", "24"]
    _, out, _ = run(capsys, "train", *settings, "--data", photographs, "--out", tmp_path / "r")
    text = " ".join(out.split())
    assert "hint 6 images are 3 steps an epoch, 72 in all; the loss of alexnet_single moves after" in text
    assert "--model small_alexnet --image-size 64" in text
    _, out, _ = run(capsys, "train", *settings, "--epochs", "700", "--data", photographs, "--out", tmp_path / "s")
    assert "hint" not in out


# -- bench --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("installed", "options", "against"), [
    (None, [], "none"), (None, ["--against", "torch"], "torch"),
    (True, [], "torch"), (True, ["--against", "none"], "none"),
])  # fmt: skip
def test_bench_without_pytorch_times_ours_alone(capsys, monkeypatch, installed, options, against):
    asked = []
    monkeypatch.setattr("minialex.cli.bench_commands.find_spec", lambda name: installed)
    monkeypatch.setattr(
        "minialex.cli.bench_commands.compare.bench", lambda model, **o: asked.append(o["against"]) or {}
    )
    status, out, err = run(capsys, "bench", "--json", *options)
    assert (status, out, asked) == (0, "{}\n", [against])
    assert err == ("PyTorch is not installed: ours alone\n" if installed is None and not options else "")

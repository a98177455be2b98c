"""Wrong command lines, a table: exit status 2 for a wrong argument, 1 for a failure, one line with its sentence."""

import pytest
from console import run

COUNT = ("9" * 5000, "0", "-1", "x", "1.5", "", "nan", "1e3", "²", "0x10")
NAMES = ("x", "", "smal_alexnet", "None")
REAL = ("0", "-1", "x", "", "nan", "inf", "1,5")
SHARE = ("1", "-0.1", "x", "", "nan", "inf")
PATH = ("", " ")
HUGE = (str(10**23), "9" * 900)

# The command, its option (None: a positional argument), values that are wrong there, and the sentence of all of them.
LINES = [
    *((("train",), f"--{name}", COUNT, f"argument --{name}: expected an integer >= 1, got ") for name in (
        "epochs", "batch", "image-size", "scale", "limit", "workers", "width",
    )),
    *((("train",), f"--{name}", HUGE, f"expected {name.replace('-', '_')} to be at most ") for name in (
        "epochs", "batch", "image-size", "scale", "limit", "workers", "width",
    )),
    (("train",), "--seed", ("-1", "x", "1.5", ""), "argument --seed: expected an integer >= 0, got "),
    *((("train",), f"--{name}", REAL, f"argument --{name}: expected a number > 0, got ") for name in (
        "lr", "clip", "checkpoint-minutes",
    )),
    *((("train",), f"--{name}", SHARE, f"argument --{name}: expected a number, 0 <= number < 1, got ") for name in (
        "momentum", "weight-decay", "smoothing",
    )),
    (("train",), "--divide-after", ("0", "-1", "x"), "argument --divide-after/--milestones: expected an integer >= 1"),
    (("train",), "--model", NAMES, "model: expected one of alexnet, "),
    (("train",), "--preset", NAMES, "preset: expected one of paper, source, caffe, got "),
    (("train",), "--optimizer", NAMES, "optimizer: expected one of sgd, adam, muon, got "),
    (("train",), "--schedule", ("x", "every", "warm-up:x", "plateau,x"), "schedule"),
    (("train",), "--average", ("x", "ema:1", "ema:x", "none:0.5", "lookahead:-1"), "average: expected "),
    (("train",), "--augment", ("x", "crop,flip"), "augment"),
    (("train",), "--init", ("x", "0", "-1", "nan"), "argument --init: expected he, xavier or a number > 0, got "),
    (("train",), "--devices", ("x", "gpu", "cpu:x", "cuda:" + "1" * 5000, ""), "--devices: expected cpu, cpu:0,cpu:1,"),
    (("train",), "--out", PATH, "argument --out: expected a path, got "),
    (("train",), "--weights", PATH, "argument --weights: expected a path, got "),
    (("train",), "--weights", ("none.npz", "none"), "none"),
    (("train", "--limit", "10"), "--freeze", ("x", "conv9"), "freeze: expected names of layers, got "),
    (("train", "--limit", "10"), "--lr-factor", ("x", "fc8", "fc8=x", "fc8=-1", "x=1"), "factor"),
    (("train",), "--data", ("none",), "data: expected shapes, cifar10, mnist, fashion-mnist or a folder"),
    (("train",), "--resume", ((),), "--resume needs --out, the folder of the run to resume"),
    (("train", "--resume"), "--out", ("none",), "none: expected the folder of a run, got one without config.json"),
    *((("train",), f"--{name}", ((),), f"unrecognized arguments: --{name}; did you mean --") for name in (
        "learning-rate", "batch-size", "optim", "epoch", "augmnt", "check-finit", "checkpoint-minute", "num-epochs",
    )),
    (("evaluate",), None, PATH, "argument RUN: expected a path, got "),
    (("evaluate",), None, ("none", "."), "expected the folder of a run, got one without config.json"),
    (("evaluate", "none"), "--views", ("3", "x", "0"), "argument --views: "),
    (("evaluate", "none"), "--limit", COUNT, "argument --limit: expected an integer >= 1, got "),
    (("evaluate", "none"), "--workers", COUNT, "argument --workers: expected an integer >= 1, got "),
    (("predict", "none"), None, ("cat.jpg",), "none: expected the folder of a run"),
    (("predict", "none.npz"), None, ("cat.jpg",), "none.npz: expected a file of weights, got a path"),
    (("predict", "none", "cat.jpg"), "--top", COUNT, "argument --top: expected an integer >= 1, got "),
    (("predict", "none", "cat.jpg"), "--out", PATH, "argument --out: expected a path, got "),
    (("predict", "none", "cat.jpg"), "--labels", PATH, "argument --labels: expected a path, got "),
    (("summary",), None, NAMES, "expected one of alexnet, "),
    *((("summary", "alexnet"), f"--{name}", COUNT, f"argument --{name}: expected an integer >= 1, got ") for name in (
        "image-size", "classes", "batch",
    )),
    (("summary", "alexnet"), "--preset", NAMES, "preset: expected one of paper, source, caffe, got "),
    (("summary", "alexnet"), "--image-size", ("1", "16"), "alexnet: expected images of at least "),
    (("gradcheck",), None, ("", "x", "conv2d.txt"), "LAYER: expected one of Conv2D"),
    (("gradcheck",), None, ("none.py",), "none.py"),
    (("new-layer",), None, ("", "1x", "my layer", "class"), "expected "),
    (("data", "get"), None, ("", "x", "imagenet"), "expected "),
    (("data", "info"), None, ("none", ""), "expected "),
    *((("data", "prepare", ".", "--out", "x"), f"--{name}", COUNT, f"argument --{name}: expected an integer >= 1, got ")
      for name in ("size", "workers")),
    *((("data", "prepare", ".", "--out", "x"), f"--{name}", HUGE, f"expected {name} to be at most ")
      for name in ("size", "workers")),
    (("data", "prepare", "none"), "--out", ("x",), "none: expected a folder, got a path that is absent"),
    (("data", "subset", ".", "--classes", "cat", "--out", "x"), "--per-class", COUNT, "argument --per-class: expected"),
    (("data", "unpack", "."), "--out", ("x",), "expected "),
    (("bench",), None, NAMES, "expected one of alexnet, "),
    *((("bench",), f"--{name}", COUNT, f"argument --{name}: expected an integer >= 1, got ") for name in (
        "batch", "repetitions", "workers",
    )),
    (("bench",), "--against", ("x", "jax"), "argument --against: invalid choice"),
    (("reproduce",), None, ("x", "figure1"), "invalid choice"),
    ((), None, ("x", "trian", "evalute"), "invalid choice"),
]  # fmt: skip


def commands(line):
    before, option, values, _ = line
    for value in values:
        yield (*before, *([] if option is None else [option]), *([] if value == () else [value]))


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join([*line[0], line[1] or line[2][0] or "empty"]))
def test_one_line_that_says_what_is_expected(line, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in commands(line):
        status, _, err = run(capsys, *command)
        assert status in (1, 2), command
        assert len(err.strip().splitlines()) == 1, err
        assert line[-1] in err, err
        assert err.startswith("minialex"), err
        assert "Traceback" not in err, err
        assert len(err) < 1000, err
    assert not list(tmp_path.iterdir())


def test_enough_command_lines():
    assert sum(1 for line in LINES for _ in commands(line)) >= 300

"""The contract of the command line, beyond `test_commands.py`: keys, statuses, students' files, whole programs."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from console import run
from PIL import Image

from minialex import load_run
from minialex.cli import main
from minialex.cli.arguments import add_commands
from minialex.lab.catalogue import CATALOGUE, experiment
from minialex.training.config import RunConfig
from minialex.training.history import read_history
from minialex.training.resuming import accept

PACKAGE = Path(__file__).parents[2] / "minialex"
QUICK = ("--model", "cifar_80sec", "--epochs", "1", "--image-size", "16")
PROGRAMS = {"script": [str(Path(sys.executable).with_name("minialex"))], "module": [sys.executable, "-m", "minialex"]}


def one_line(err):
    """Return the last line, after any progress bars, which must name the program."""
    last = err.replace("\r", "\n").strip().splitlines()[-1]
    assert last.startswith("minialex"), err
    return last


def outside(program, *arguments, folder):
    return subprocess.run([*PROGRAMS[program], *map(str, arguments)], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Two classes; one file of the training images cannot be read."""
    root, rng = tmp_path_factory.mktemp("photos") / "pets", np.random.default_rng(0)
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            (root / split / label).mkdir(parents=True)
            for i in range(3):
                pixels = rng.integers(0, 256, (20, 24, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(root / split / label / f"{i}.png")
    (root / "train" / "cat" / "torn.png").write_bytes(b"no image")
    return root


@pytest.fixture(scope="module")
def trained(photos):
    out = photos.parent / "run"
    assert main(["train", "--data", str(photos), "--out", str(out), *QUICK]) == 0
    return out


# -- the programs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["bench", "reproduce"])
def test_the_commands_of_the_lab_have_help_with_examples(capsys, command):
    status, out, _ = run(capsys, command, "--help")
    assert status == 0
    assert f"minialex {command}" in out.split("examples:")[1]


def test_nothing_below_imports_the_command_line():
    files = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "cli" and path.name != "__main__.py"]
    assert len(files) > 100
    assert not [path for path in files if "minialex.cli" in path.read_text()]


def commands_below(parser):
    """Yield (module, function) of each command under a parser."""
    if parser.get_default("command"):
        yield parser.get_default("command")
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from commands_below(below)


def test_every_command_has_its_function():
    top = argparse.ArgumentParser(prog="minialex")
    add_commands(top)
    commands = list(commands_below(top))
    assert len(commands) == 14 + len(CATALOGUE)
    for module, function in commands:
        assert callable(getattr(import_module(module), function)), (module, function)
    assert all(callable(experiment(name)) for name in CATALOGUE)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_wrong_argument_of_the_whole_program(tmp_path, program):
    got = outside(program, "summary", "alexnett", folder=tmp_path)
    assert (got.returncode, got.stdout, len(got.stderr.splitlines())) == (2, "", 1)
    assert "did you mean 'alexnet'?" in got.stderr


def test_a_failure_of_the_whole_program_has_a_traceback_only_on_request(tmp_path):
    plain = outside("module", "evaluate", "nowhere", folder=tmp_path)
    assert (plain.returncode, len(plain.stderr.splitlines())) == (1, 1)
    debug = outside("module", "evaluate", "nowhere", "--debug", folder=tmp_path)
    assert debug.returncode == 1
    assert debug.stderr.startswith("Traceback")
    assert "FileNotFoundError: nowhere" in debug.stderr


def test_no_command_at_all_prints_the_help(capsys):
    status, out, err = run(capsys)
    assert (status, err) == (0, "")
    assert out == run(capsys, "--help")[1]


def test_help_and_summary_load_no_more_than_they_need(tmp_path):
    for arguments in (["--help"], ["summary", "cifar_80sec"]):
        code = (
            "import sys, minialex.cli\n"
            "try: minialex.cli.main(sys.argv[1:])\n"
            "except SystemExit: pass\n"
            "assert not {'cupy', 'matplotlib', 'torch', 'tqdm', 'minialex.training'} & set(sys.modules)"
        )
        got = subprocess.run([sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True)
        assert got.returncode == 0, got.stderr


@pytest.mark.parametrize(("error", "status", "message"), [
    (MemoryError(), 1, "use a smaller --batch or --limit"),
    (OSError("two\nlines"), 1, "minialex data info: two lines"),
    (KeyboardInterrupt(), 130, "stopped"),
])  # fmt: skip
def test_failures_of_the_machine_are_one_line_too(capsys, monkeypatch, error, status, message):
    def stops(source):
        raise error

    monkeypatch.setattr("minialex.cli.data_commands.known_data", stops)
    got, _, err = run(capsys, "data", "info", "shapes")
    assert (got, len(err.splitlines())) == (status, 1)
    assert message in err


# -- a run, from folder to prediction -----------------------------------------------------------------------------


def test_evaluate_gives_the_documented_keys(capsys, trained):
    status, out, err = run(capsys, "evaluate", trained, "--json")
    assert (status, err) == (0, "")
    assert sorted(json.loads(out)) == ["images", "loss", "top1_error", "top5_error", "views"]


@pytest.fixture(scope="module")
def another(photos):
    """A run on the same images, with another seed and larger images."""
    out = photos.parent / "another"
    size = ("--image-size", "20")
    assert main(["train", "--data", str(photos), "--out", str(out), "--seed", "1", *QUICK, *size]) == 0
    return out


def validation_files(folder):
    """Return the images for validation of a run's data, in their order."""
    return sorted((Path(RunConfig.read(folder).data) / "val").rglob("*.png"))


def test_several_runs_are_evaluated_together(capsys, trained, another):
    status, out, err = run(capsys, "evaluate", trained, another, "--json")
    assert (status, err) == (0, "")
    result = json.loads(out)
    assert sorted(result) == ["images", "loss", "runs", "top1_error", "top5_error", "views"]
    assert [row["run"] for row in result["runs"]] == [str(trained), str(another)]
    for row, folder in zip(result["runs"], (trained, another), strict=True):
        alone = json.loads(run(capsys, "evaluate", folder, "--json")[1])
        assert {name: alone[name] for name in ("top1_error", "top5_error", "loss")}.items() <= row.items()
    p = np.mean([load_run(folder).predict(validation_files(folder)) for folder in (trained, another)], axis=0)
    assert result["loss"] == pytest.approx(-np.mean(np.log(p[np.arange(6), [0, 0, 0, 1, 1, 1]])), rel=1e-3)


def test_the_report_of_several_runs_has_a_line_each_and_the_gain(capsys, trained, another):
    for views in ("1", "10"):
        status, out, err = run(capsys, "evaluate", trained, another, "--views", views)
        assert (status, err) == (0, "")
        one, two, mean, together, *others = out.splitlines()
        assert one.startswith(f"{trained}  ")
        assert two.startswith(f"{another}  ")
        assert re.match("mean error +top-1 error .*; the mean of the outputs gains [+-].* percentage points", mean)
        assert together.startswith(f"6 images, {views} view")
        assert "picture" not in out
        assert any("with one view" in line for line in others) == (views == "10")


def test_runs_that_do_not_go_together_are_named(capsys, photos, trained, another, tmp_path):
    status, _, err = run(capsys, "evaluate", trained, another, trained.parent / "." / trained.name)
    assert (status, "RUN: expected different runs, got" in one_line(err)) == (2, True)
    config = RunConfig.read(trained)

    def refused_with(message, **changes):
        changed = tmp_path / "-".join(changes)
        shutil.copytree(another, changed, dirs_exist_ok=True)
        changed_config = replace(RunConfig.read(another), **changes)
        changed_config.write(changed)
        accept(changed / "best.npz", changed_config)  # as a run of these settings has written it
        status, _, err = run(capsys, "evaluate", trained, changed)
        assert (status, message in one_line(err)) == (1, True), err

    refused_with(f"expected the 2 classes of {trained}, got 2, lacking 1: cat, extra 1: cow", classes=("cow", "dog"))
    refused_with(f"expected the 2 classes of {trained}, got 2, in another order", classes=("dog", "cat"))
    refused_with(f"expected the data of {trained}, {config.data}, got shapes; choose with --data", data="shapes")
    refused_with(f"expected the limit of {trained}, None, got 4; choose with --limit", limit=4)
    assert run(capsys, "evaluate", trained, tmp_path / "limit", "--limit", "4")[0] == 0
    assert run(capsys, "evaluate", trained, tmp_path / "data", "--data", photos)[0] == 0
    status, _, err = run(capsys, "evaluate", trained, tmp_path / "nowhere")
    assert (status, "nowhere" in one_line(err)) == (1, True)


def test_predict_gives_the_documented_keys_and_no_more_labels_than_there_are(capsys, trained, photos):
    status, out, err = run(capsys, "predict", trained, photos / "val" / "cat" / "0.png", "--json")
    assert (status, err) == (0, "")
    (answer,) = json.loads(out)
    assert sorted(answer) == ["image", "top"]
    assert {frozenset(top) for top in answer["top"]} == {frozenset(["label", "probability"])}
    assert sorted(top["label"] for top in answer["top"]) == ["cat", "dog"]
    assert sum(top["probability"] for top in answer["top"]) == pytest.approx(1, rel=1e-5)


def test_summary_gives_the_documented_keys(capsys):
    status, out, err = run(capsys, "summary", "cifar_80sec", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out).keys() >= {"parameters", "multiply_adds", "layers"}


def test_a_run_is_used_from_another_folder_than_where_it_was_made(capsys, monkeypatch, photos, tmp_path):
    monkeypatch.chdir(photos.parent)
    assert run(capsys, "train", "--data", photos.name, "--out", tmp_path / "r", *QUICK)[0] == 0
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "evaluate", "r", "--json")[0] == 0


def test_the_command_that_made_a_run_resumes_it(capsys, monkeypatch, photos, tmp_path):
    monkeypatch.chdir(photos.parent)
    command = ["train", "--data", photos.name, "--out", tmp_path / "r", *QUICK]
    assert run(capsys, *command)[0] == 0
    status, _, err = run(capsys, *command, "--epochs", "2", "--resume")
    assert status == 0, err
    assert len(read_history(tmp_path / "r" / "metrics.csv")) == 2


# fmt: off
CLASHES = [
    ("optimizer: expected one of sgd, adam",                 "--optimizer", "adagrad"),
    ("momentum: expected the optimizer sgd",                 "--optimizer", "adam", "--momentum", "0.9"),
    ("nesterov: expected the optimizer sgd",                 "--optimizer", "adam", "--nesterov"),
    ("nesterov: expected a momentum > 0",                    "--nesterov", "--momentum", "0"),
    ("schedule: expected one schedule, got one-cycle and",   "--schedule", "one-cycle", "--divide-after", "1"),
    ("did you mean 'one-cycle'?",                            "--schedule", "onecycle"),
    ("schedule: expected every:STEPS, such as every:1000",   "--schedule", "every"),
    ("WarmUp: expected over to be an integer >= 1",          "--schedule", "warm-up:0"),
    ("--clip: expected a number > 0, got '0'",               "--clip", "0"),
    ("--smoothing: expected a number, 0 <= number < 1",      "--smoothing", "1"),
]
# fmt: on


@pytest.mark.parametrize("arguments", CLASHES, ids=lambda a: " ".join(a[1:]))
def test_options_of_training_that_clash_are_one_line(capsys, tmp_path, arguments):
    message, *options = arguments
    status, out, err = run(capsys, "train", "--out", tmp_path / "r", *options)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert message in one_line(err)
    assert not (tmp_path / "r").exists()


def test_a_run_with_another_rule_is_trained_and_resumed(capsys, photos, tmp_path):
    rule = ("--optimizer", "adam", "--clip", "1", "--smoothing", "0.1", "--schedule", "warm-up:1,inverse-sqrt")
    command = ["train", "--data", photos, "--out", tmp_path / "r", *QUICK, *rule]
    assert run(capsys, *command)[0] == 0
    config = RunConfig.read(tmp_path / "r")
    assert (config.optimizer, config.clip, config.smoothing, config.lr) == ("adam", 1, 0.1, 0.001)
    assert run(capsys, *command, "--resume", "--epochs", "2")[0] == 0
    status, _, err = run(capsys, *command, "--resume", "--clip", "2")
    assert (status, "--clip 2.0 differs from the run's 1.0" in one_line(err)) == (2, True)


@pytest.mark.slow
def test_what_a_recipe_switches_on_can_be_switched_off(capsys, photos, tmp_path):
    command = ["train", "--data", photos, "--model", "cifar_fast", "--image-size", "16", "--epochs", "1"]
    for out, options in {"on": (), "off": ("--no-nesterov", "--no-standardize", "--schedule", "constant")}.items():
        status, _, err = run(capsys, *command, "--out", tmp_path / out, *options)
        assert status == 0, err
    on, off = (RunConfig.read(tmp_path / name) for name in ("on", "off"))
    assert (on.nesterov, on.standardize, on.schedule) == (True, True, None)
    assert (off.nesterov, off.standardize, off.schedule) == (False, False, "constant")
    assert np.any(load_run(tmp_path / "on").net.input_std != 1)
    assert np.all(load_run(tmp_path / "off").net.input_std == 1)
    resume = [*command, "--out", tmp_path / "off", "--resume"]
    assert run(capsys, *resume)[0] == 0  # keeps its own settings, not the recipe's
    assert RunConfig.read(tmp_path / "off") == off
    assert "--nesterov True differs from the run's False" in run(capsys, *resume, "--nesterov")[2]


def test_rates_that_follow_the_number_of_epochs_keep_it(capsys, photos, tmp_path):
    command = ["train", "--data", photos, "--out", tmp_path / "r", *QUICK, "--schedule", "one-cycle"]
    assert run(capsys, *command)[0] == 0
    status, _, err = run(capsys, *command, "--resume", "--epochs", "2")
    assert status == 2
    assert "--epochs 2 differs from the run's 1, which the rates of its schedule follow; leave it out" in one_line(err)
    assert run(capsys, *command, "--resume", "--epochs", "1")[0] == 0


def test_resume_refuses_other_data(capsys, trained):
    status, _, err = run(capsys, "train", "--resume", "--out", trained, "--data", "shapes")
    assert status == 2
    assert "--data shapes differs" in one_line(err)


def test_images_that_cannot_be_read_are_named_and_counted(capsys, photos, tmp_path):
    _, out, _ = run(capsys, "data", "info", photos)
    assert "1: train/cat/torn.png" in out
    status, out, err = run(capsys, "train", "--data", photos, "--out", tmp_path / "r", *QUICK)
    assert status == 0
    assert "train/cat/torn.png" in out + err


def test_a_folder_that_happens_to_be_called_shapes_is_not_meant(capsys, monkeypatch, tmp_path):
    (tmp_path / "shapes").mkdir()
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "data", "info", "shapes")
    assert status == 0, err
    assert "red disc" in out


@pytest.mark.parametrize("arguments", [["evaluate", "RUN"], ["predict", "RUN", "IMAGE"]], ids=lambda a: a[0])
@pytest.mark.parametrize("devices", ["gpu", "cpu:0,cpu:1"])
def test_wrong_devices_are_a_wrong_argument_of_every_command(capsys, trained, photos, arguments, devices):
    paths = {"RUN": trained, "IMAGE": photos / "val" / "cat" / "0.png"}
    status, _, err = run(capsys, *(paths.get(a, a) for a in arguments), "--devices", devices)
    assert "expected" in one_line(err)
    assert status == 2


@pytest.mark.parametrize("arguments", [["evaluate", "RUN"], ["predict", "RUN", "IMAGE"]], ids=lambda a: a[0])
def test_the_settings_of_a_run_are_read_once(capsys, trained, photos, monkeypatch, arguments):
    read, folders = RunConfig.read, []
    monkeypatch.setattr(RunConfig, "read", lambda folder: folders.append(folder) or read(folder))
    paths = {"RUN": trained, "IMAGE": photos / "val" / "cat" / "0.png"}
    assert run(capsys, *(paths.get(a, a) for a in arguments))[0] == 0
    assert folders == [trained]


# -- a student's file ---------------------------------------------------------------------------------------------

STUDENT = """
from minialex import Layer
import numpy as np
class Mine(Layer):
    def forward(self, x):
        self.remember(x)
        return x * x
    def backward(self, dy):
        {body}
"""
EXAMPLE = "def example(rng): return Mine(), rng.standard_normal((2, 3))\n"
RIGHT, WRONG = "return 2 * self.recall() * dy", "return 2.02 * self.recall() * dy"


@pytest.fixture
def checked(capsys, tmp_path):
    """A function that checks a file with this text, and returns status, output and the one line of errors."""

    def check(text):
        (tmp_path / "mine.py").write_text(text)
        status, out, err = run(capsys, "gradcheck", tmp_path / "mine.py")
        assert len(err.splitlines()) <= 1
        return status, out, err

    return check


def test_a_right_layer_is_right_and_each_example_is_named(checked):
    two = 'def example(rng): return {"small": (Mine(), rng.random((1, 2))), "large": (Mine(), rng.random((4, 5)))}'
    status, out, err = checked(STUDENT.format(body=RIGHT) + two)
    assert (status, err) == (0, "")
    assert "2 of 2 gradients are right" in out
    assert all(name in out for name in ("small", "large"))


def test_a_gradient_one_percent_off_is_shown_where_it_is_worst(checked):
    status, out, _ = checked(STUDENT.format(body=WRONG) + EXAMPLE)
    assert status == 1
    assert "0 of 1 gradients are right, 1 WRONG" in out
    (line,) = (line for line in out.splitlines() if line.startswith("WRONG"))
    assert "worst at [" in line
    assert "9.9e-03" in line


@pytest.mark.parametrize("body", ["dx = 2 * self.recall() * dy", "raise KeyError('W')", "return dy[0]"])
def test_a_backward_that_returns_nothing_or_raises_or_returns_too_little_is_wrong(checked, body):
    status, out, _ = checked(STUDENT.format(body=body) + EXAMPLE)
    assert "0 of 1 gradients are right, 1 WRONG" in out
    assert status == 1


def test_a_layer_that_raises_does_not_keep_the_others_from_being_checked(checked):
    text = STUDENT.format(body=RIGHT) + (
        "class Other(Mine):\n    def forward(self, x): raise TypeError('no')\n"
        "def example(rng): return {'other': (Other(), rng.random((1, 2))), 'mine': (Mine(), rng.random((1, 2)))}"
    )
    status, out, _ = checked(text)
    assert status == 1
    assert "TypeError: no" in out
    assert "1 of 2 gradients are right, 1 WRONG" in out


@pytest.mark.parametrize(("rest", "message"), [
    ("",                                                        "the layers Mine but no example"),
    ("def example(rng: return",                                 "SyntaxError"),
    ("import no_such_module_at_all",                            "no_such_module_at_all"),
    ("def example(rng): return Mine(size=3), rng.random(2)",    "TypeError"),
    ("def example(rng): return {}['small']",                    "KeyError"),
    ("def example(): return Mine(), 0",                         "TypeError"),
    ("def example(rng): return {}",                             "expected"),
    ("def example(rng): pass",                                  "(layer, x)"),
    ("def example(rng): return Mine()",                         "(layer, x)"),
])  # fmt: skip
def test_a_file_that_cannot_be_checked_is_one_line_with_its_name(checked, rest, message):
    status, _, err = checked(STUDENT.format(body=RIGHT) + rest)
    assert status == 1
    assert err.startswith("minialex gradcheck: ")
    assert "mine.py" in err
    assert message in err


def test_a_file_that_is_not_there_is_named(capsys, tmp_path):
    status, _, err = run(capsys, "gradcheck", tmp_path / "none.py")
    assert (status, len(err.splitlines())) == (1, 1)
    assert f"none.py: {'expected a Python file'}" in err
    assert not os.listdir(tmp_path)

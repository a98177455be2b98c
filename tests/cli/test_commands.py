"""The command line: every command, its exit status, and its one line when something is wrong."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from console import refused, run
from PIL import Image

from minialex.cli import main
from minialex.training.history import COLUMNS, read_history

COMMANDS = ("train", "evaluate", "predict", "models", "summary", "gradcheck", "new-layer", "data")
QUICK = ("--model", "cifar_80sec", "--limit", "150", "--batch", "50", "--epochs", "1")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "one"
    assert main(["train", "--data", "shapes", "--out", str(out), *QUICK]) == 0
    return out


# -- help ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(capsys, command):
    status, out, _ = run(capsys, command, "--help")
    assert status == 0
    assert f"minialex {command}" in out.split("examples:")[1]


def test_the_program_and_the_module_are_the_same():
    program = Path(sys.executable).with_name("minialex")
    texts = [
        subprocess.run([*start, "--help"], capture_output=True, text=True, check=True).stdout
        for start in ([str(program)], [sys.executable, "-m", "minialex"])
    ]
    assert texts[0] == texts[1]
    assert all(command in texts[0] for command in COMMANDS)


# -- train, evaluate, predict -------------------------------------------------------------------------------------


def test_a_run_leaves_the_files_of_the_design(trained):
    assert sorted(path.name for path in trained.iterdir()) == [
        "best.npz", "checkpoint.npz", "config.json", "curves.png", "filters.png", "metrics.csv", "predictions.png",
    ]  # fmt: skip
    assert (trained / "metrics.csv").read_text().splitlines()[0] == ",".join(COLUMNS)
    (row,) = read_history(trained / "metrics.csv")
    assert row["epoch"] == 1
    assert 0 <= row["val_error"] <= 1
    for picture in trained.glob("*.png"):
        with Image.open(picture) as image:
            assert min(image.size) > 100


def test_train_ends_with_its_error_the_pictures_and_the_next_command(capsys, tmp_path):
    status, out, _ = run(capsys, "train", "--data", "shapes", "--out", tmp_path / "r", *QUICK)
    assert status == 0
    result, pictures, following = out.strip().splitlines()[-3:]
    error = read_history(tmp_path / "r" / "metrics.csv")[0]["val_error"]
    assert f"validation error {error:.1%}, accuracy {1 - error:.1%} (chance level: error 90.0%)" in result
    assert pictures.endswith(f"curves.png, filters.png, predictions.png in {tmp_path}/r")
    assert following.endswith(f"minialex evaluate {tmp_path}/r")


def test_two_groups_train_on_two_threads(capsys, tmp_path):
    arguments = ["--model", "small_alexnet", "--limit", "60", "--epochs", "1", "--devices", "cpu:0,cpu:1"]
    status, _, err = run(capsys, "train", "--out", tmp_path / "r", *arguments)
    assert status == 0, err
    status, out, _ = run(capsys, "evaluate", tmp_path / "r", "--devices", "cpu", "--json")
    assert status == 0
    assert json.loads(out)["images"] == 60


def test_evaluate(capsys, trained):
    status, out, _ = run(capsys, "evaluate", trained, "--json")
    assert status == 0
    result = json.loads(out)
    assert result.keys() == {"top1_error", "top5_error", "views", "images", "loss"}
    assert result["top1_error"] == pytest.approx(read_history(trained / "metrics.csv")[0]["val_error"])
    assert (result["views"], result["images"]) == (1, 150)
    status, out, _ = run(capsys, "evaluate", trained, "--limit", "20")
    assert status == 0
    assert out.startswith("20 images, 1 view each: top-1 error")


def test_predict(capsys, trained, tmp_path):
    for name in ("a.png", "b.jpg"):
        Image.new("RGB", (50, 40), "red").save(tmp_path / name)
    images = [tmp_path / "a.png", tmp_path / "b.jpg"]
    status, out, _ = run(capsys, "predict", trained, *images, "--top", "3", "--json")
    assert status == 0
    answers = json.loads(out)
    assert [answer["image"] for answer in answers] == list(map(str, images))
    for answer in answers:
        p = [top["probability"] for top in answer["top"]]
        assert len(p) == 3
        assert p == sorted(p, reverse=True)
        assert all("label" in top for top in answer["top"])
    status, out, _ = run(capsys, "predict", trained, images[0])
    assert status == 0
    assert out.splitlines()[0] == str(images[0])
    assert len(out.splitlines()) == 6


def test_resume_continues(capsys, tmp_path):
    out = tmp_path / "r"
    assert run(capsys, "train", "--data", "shapes", "--out", out, *QUICK)[0] == 0
    status, _, err = run(capsys, "train", "--resume", "--out", out, "--epochs", "2")
    assert status == 0, err
    assert [row["epoch"] for row in read_history(out / "metrics.csv")] == [1, 2]


# -- summary, gradcheck, data -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["alexnet", "alexnet_single"])
def test_summary_of_the_papers_net(capsys, model):
    status, out, _ = run(capsys, "summary", model)
    assert status == 0
    assert "60,965,224" in out
    assert "724,406,816" in out
    status, out, _ = run(capsys, "summary", model, "--json", "--batch", "128")
    found = json.loads(out)
    assert (found["parameters"], found["multiply_adds"]) == (60_965_224, 724_406_816)
    assert sum(layer["parameters"] for layer in found["layers"]) == found["parameters"]
    assert bool(found["communications"]) == (model == "alexnet")


def test_gradcheck(capsys):
    status, out, _ = run(capsys, "gradcheck", "LRN", "--all")
    assert status == 0
    assert "3 of 3 gradients are right" in out
    assert run(capsys, "gradcheck")[0] == 0


LAYER = """
from minialex import Layer
class Square(Layer):
    def forward(self, x):
        self.remember(x)
        return x * x
    def backward(self, dy):
        return {factor} * self.recall() * dy
def example(rng):
    return Square(), rng.standard_normal((2, 3))
"""


def test_gradcheck_of_a_students_file(capsys, tmp_path):
    path = tmp_path / "square.py"
    path.write_text(LAYER.format(factor="2"))
    assert run(capsys, "gradcheck", path)[0] == 0
    path.write_text(LAYER.format(factor="2.02"))
    status, out, _ = run(capsys, "gradcheck", path)
    assert status == 1
    assert "0 of 1 gradients are right, 1 WRONG" in out
    assert "Square" in out


def test_data_info(capsys, tmp_path):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            (tmp_path / split / label).mkdir(parents=True)
            for i in range(3):
                Image.new("RGB", (20, 20), (40 * i, 90, 10)).save(tmp_path / split / label / f"{i}.png")
    status, out, _ = run(capsys, "data", "info", tmp_path)
    assert status == 0
    assert "cat" in out
    assert run(capsys, "data", "info", "shapes")[0] == 0


def test_reproduce_augmentation_draws_a_photograph_alone(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("red", "blue"):
        Image.new("RGB", (300, 280), name).save(f"{name}.jpg")
    status, out, _ = run(capsys, "reproduce", "augmentation", "--photograph", "red.jpg")
    assert (status, out) == (0, "picture: runs/augmentation.png\n")
    for _ in range(2):  # a picture may be drawn again
        assert run(capsys, "reproduce", "augmentation", "--photograph", "blue.jpg", "--out", "mine.png")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blue.jpg", "mine.png", "red.jpg", "runs"]
    with Image.open("runs/augmentation.png") as red, Image.open("mine.png") as blue:
        assert red.size == blue.size
        assert red.tobytes() != blue.tobytes()


# -- what goes wrong ----------------------------------------------------------------------------------------------

# fmt: off
WRONG = [
    ("did you mean 'alexnet'?",            "train", "--model", "alexnett"),
    ("did you mean 'small_alexnet'?",      "summary", "smal_alexnet"),
    ("did you mean 'source'?",             "summary", "alexnet", "--preset", "sorce"),
    ("did you mean 'shapes'?",             "train", "--data", "shape"),
    ("did you mean 'LRN'?",                "gradcheck", "LRM"),
    ("got 'gpu'",                          "train", "--devices", "gpu"),
    ("cifar_80sec: expected 1 devices",    "train", "--model", "cifar_80sec", "--devices", "cpu:0,cpu:1"),
    ("expected an integer >= 1",     "train", "--epochs", "0"),
    ("expected a number > 0",          "train", "--lr", "-1"),
    ("expected a number > 0",          "train", "--lr", "nan"),
    ("--resume needs --out",               "train", "--resume"),
    ("invalid choice",                     "data", "fetch", "cifar10"),
    ("one of cifar10, mnist, fashion-mnist", "data", "get", "imagenet"),
    ("end the name in .",                  "reproduce", "augmentation", "--photograph", "a.jpg", "--out", "a.xyz"),
    ("invalid choice",                     "trian"),
    ("unrecognized arguments: --fast",     "train", "--fast"),
]
FAILS = [
    ("expected the folder of a run",       "evaluate", "nowhere"),
    ("expected the folder of a run",       "train", "--resume", "--out", "nowhere"),
    ("expected a folder of images",        "data", "info", "./nowhere"),
    ("expected a Python file with a Layer", "gradcheck", "nowhere.py"),
    ("nowhere.jpg",                        "reproduce", "augmentation", "--photograph", "nowhere.jpg"),
]
# fmt: on


@pytest.mark.parametrize(("message", "arguments"), [(m, a) for m, *a in WRONG])
def test_wrong_arguments_exit_with_2(capsys, monkeypatch, tmp_path, message, arguments):
    monkeypatch.chdir(tmp_path)
    err = refused(capsys, 2, message, *arguments)
    assert len(err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("message", "arguments"), [(m, a) for m, *a in FAILS])
def test_failures_exit_with_1(capsys, monkeypatch, tmp_path, message, arguments):
    monkeypatch.chdir(tmp_path)
    refused(capsys, 1, message, *arguments)


def test_a_file_that_is_no_image_is_named(capsys, trained, tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no image")
    refused(capsys, 1, "a.jpg", "predict", trained, tmp_path / "a.jpg")
    refused(capsys, 1, "b.jpg", "predict", trained, tmp_path / "b.jpg")


def test_a_folder_that_holds_a_run_is_left_as_it_is(capsys, trained):
    before = {path.name: path.read_bytes() for path in trained.iterdir()}
    refused(capsys, 1, "it holds a run already", "train", "--data", "shapes", "--out", trained, *QUICK)
    assert before == {path.name: path.read_bytes() for path in trained.iterdir()}


def test_resume_refuses_other_settings(capsys, trained):
    message = "--lr 0.5 differs from the run's 0.001"
    refused(capsys, 2, message, "train", "--resume", "--out", trained, "--lr", "0.5")


def test_evaluate_on_other_classes_is_refused(capsys, trained, tmp_path):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            (tmp_path / split / label).mkdir(parents=True)
            Image.new("RGB", (20, 20)).save(tmp_path / split / label / "0.png")
    message = "expected the run's 10 classes, got 2, lacking 10: red disc, level; "
    refused(capsys, 1, message, "evaluate", trained, "--data", tmp_path)


def test_a_rate_that_diverges_is_named_and_leaves_no_folder_half_done(capsys, tmp_path):
    out = tmp_path / "r"
    with np.errstate(all="ignore"):
        refused(capsys, 1, "the rate is 1e+30", "train", "--data", "shapes", "--out", out, "--lr", "1e30", *QUICK)
    assert not list(out.glob("*.partial"))


def test_debug_shows_the_traceback(tmp_path):
    with pytest.raises(FileNotFoundError):
        main(["evaluate", str(tmp_path), "--debug"])


def test_a_closed_pipe_is_no_error():
    code = "import sys; from minialex.cli import main; sys.exit(main(['summary', 'alexnet']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_file_is_no_folder_for_a_run(capsys, tmp_path):
    (tmp_path / "r").write_text("mine")
    refused(capsys, 1, "expected a folder for the run, got a file", "train", "--out", tmp_path / "r", *QUICK)


def test_fewer_epochs_than_are_done_are_refused_and_the_settings_stay(capsys, trained, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(trained, copy)
    assert run(capsys, "train", "--resume", "--out", copy, "--epochs", "2")[0] == 0
    before = (copy / "config.json").read_bytes()
    refused(capsys, 1, "expected 2 epochs at least", "train", "--resume", "--out", copy, "--epochs", "1")
    assert (copy / "config.json").read_bytes() == before

"""From a folder of photographs to ten views, by the command line."""

import json
import shutil

import numpy as np
import pytest
from console import refused, run
from PIL import Image

from minialex.cli import main
from minialex.data import prepare
from minialex.training.config import RunConfig


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """Two classes, dark and bright, of odd sizes, and one file that is no image."""
    root, rng = tmp_path_factory.mktemp("photographs"), np.random.default_rng(0)
    for split, count in (("train", 20), ("val", 6)):
        for name, least in (("bright", 128), ("dark", 0)):
            folder = root / split / name
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(least, least + 128, (40 + number, 44, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / f"{number:02}.png")
    (root / "train" / "dark" / "broken.jpg").write_bytes(b"nothing")
    return root


@pytest.fixture(scope="module")
def prepared(photographs, tmp_path_factory):
    return prepare(photographs, tmp_path_factory.mktemp("prepared") / "p", size=36).out


ALL = ("crop", "reflection", "colour", "rotation", "scaling", "shift")
QUICK = ("--model", "cifar_80sec", "--batch", "16", "--epochs", "1")


@pytest.fixture(scope="module")
def trained(prepared, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "r"
    arguments = ["train", *QUICK, "--data", prepared, "--image-size", "32", "--augment", *ALL, "--out", out]
    assert main([str(argument) for argument in arguments]) == 0
    return out


def test_prepare_reports_what_it_did_and_continues(capsys, photographs, tmp_path):
    status, out, _ = run(capsys, "data", "prepare", photographs, "--out", tmp_path / "p", "--size", "36")
    assert status == 0
    assert "40 for training, 12 for validation, 2 classes, 36 x 36 pixels" in out
    assert "unreadable   1, listed in" in out
    assert f"next         minialex train --image-size 32 --augment crop reflection --data {tmp_path}/p" in out
    assert "broken.jpg" in (tmp_path / "p" / "unreadable.txt").read_text()
    status, out, _ = run(capsys, "data", "prepare", photographs, "--out", tmp_path / "p", "--size", "36")
    assert "nothing to do" in out


def test_the_run_keeps_the_settings_given(trained):
    config = RunConfig.read(trained)
    assert (config.image_size, config.scale, config.augment) == (32, 36, ALL)


def test_evaluate_with_one_view_and_with_ten(capsys, trained):
    status, out, _ = run(capsys, "evaluate", trained, "--json")
    assert (status, json.loads(out)["views"]) == (0, 1)
    status, out, _ = run(capsys, "evaluate", trained, "--views", "10", "--json")
    result = json.loads(out)
    assert result.keys() == {"top1_error", "top5_error", "views", "images", "loss"}
    assert (status, result["views"], result["images"]) == (0, 10, 12)
    (trained / "confusion.png").unlink()
    status, out, _ = run(capsys, "evaluate", trained, "--views", "10")
    assert "12 images, 10 views each" in out
    assert "the views gain" in out
    assert "of 6" in out
    with Image.open(trained / "confusion.png") as picture:
        assert min(picture.size) > 300


def test_predict_cuts_the_centre_as_the_run_did(capsys, trained, photographs):
    status, out, _ = run(capsys, "predict", trained, photographs / "val" / "dark" / "00.png", "--json")
    assert status == 0
    assert {top["label"] for top in json.loads(out)[0]["top"]} == {"bright", "dark"}


def test_a_resumed_run_keeps_its_augmentation(capsys, trained, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(trained, copy)
    status, _, err = run(capsys, "train", "--resume", "--out", copy, "--epochs", "2")
    assert status == 0, err
    refused(capsys, 2, "--augment", "train", "--resume", "--out", copy, "--epochs", "3", "--augment", "none")


@pytest.mark.slow
def test_both_presets_train_from_the_same_prepared_folder(capsys, photographs, tmp_path):
    source = prepare(photographs, tmp_path / "p", size=73).out
    for preset, colour in (("paper", "paper"), ("source", "source")):
        arguments = ["--model", "alexnet_single", "--preset", preset, "--image-size", "67", "--limit", "8"]
        status, _, err = run(
            capsys, "train", *arguments, "--epochs", "1", "--batch", "8", "--data", source, "--out", tmp_path / preset
        )
        assert status == 0, err
        config = RunConfig.read(tmp_path / preset)
        assert (config.augment, config.scale) == (("crop", "reflection", "colour"), 73)
        assert config.recipe.colour == colour


def test_wrong_arguments_are_one_line(capsys, prepared, tmp_path):
    start = ("train", *QUICK, "--data", prepared, "--out", tmp_path / "r")
    refused(capsys, 2, "got 'flop'", *start, "--augment", "flop")
    refused(
        capsys, 2, "expected at most 36 pixels, the size of the prepared images, got 40", *start, "--image-size", "40"
    )
    refused(capsys, 2, "--scale: expected --image-size, 32, or more, got 20", *start, "--scale", "20")
    refused(capsys, 2, "expected none alone, got none crop", *start, "--augment", "none", "crop")
    refused(capsys, 2, "expected each name once", *start, "--augment", "crop", "crop")
    refused(capsys, 2, "expected a folder, got a path that is absent", "data", "prepare", "nowhere", "--out", tmp_path)
    refused(capsys, 2, "invalid choice", "evaluate", "somewhere", "--views", "5")
    assert not (tmp_path / "r").exists()


def test_a_crop_without_room_is_refused_rather_than_left_out(capsys, prepared, tmp_path):
    start = ("train", *QUICK, "--out", tmp_path / "r", "--augment", "crop", "reflection")
    refused(capsys, 2, "or leave crop out: --augment reflection", *start, "--data", prepared, "--image-size", "36")
    refused(capsys, 2, "expected images larger than the crops of 32", *start, "--scale", "32")
    status, _, err = run(capsys, *start[:-1], "--data", prepared, "--image-size", "35")
    assert status == 0, err


def test_subset(capsys, photographs, tmp_path):
    arguments = ("--classes", "dark, bright", "--per-class", "3", "--out", tmp_path / "few")
    status, out, _ = run(capsys, "data", "subset", photographs, *arguments)
    assert status == 0
    assert "links to 6 training and 6 validation images" in out
    assert (tmp_path / "few" / "train" / "dark" / "00.png").is_symlink()
    refused(capsys, 1, "did you mean", "data", "subset", photographs, "--classes", "drak", "--out", tmp_path / "f2")


def test_unpack_names_the_archive_that_is_missing(capsys, tmp_path):
    (tmp_path / "archives").mkdir()
    refused(capsys, 1, "ILSVRC2012_img_train.tar", "data", "unpack", tmp_path / "archives", "--out", tmp_path / "out")


def test_bench_of_the_loading(capsys, photographs, prepared):
    start = ("bench", "cifar_80sec", "--batch", "8", "--repetitions", "2", "--json", "--loading")
    status, out, err = run(capsys, *start, photographs)
    assert status == 0, err
    result = json.loads(out)
    assert all(rate > 0 for rate in result["images_per_second"].values())
    assert "decode, rescale, write" in result["images_per_second"]
    assert result["loading_share"] > -1
    status, out, _ = run(capsys, *start[:-2], "--loading", prepared)
    assert "loading costs" in out


@pytest.mark.parametrize("action", ["get", "info", "prepare", "subset", "unpack"])
def test_every_action_has_help(capsys, action):
    status, out, _ = run(capsys, "data", action, "--help")
    assert status == 0
    assert f"minialex data {action}" in out

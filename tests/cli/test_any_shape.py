"""From IDX files to a prediction, by the command line; prepared images for a smaller net; initial weights."""

import gzip
import json
import shutil
import struct
from dataclasses import replace

import numpy as np
import pytest
from console import refused, run
from PIL import Image

from minialex import load_run
from minialex.cli import main
from minialex.data import prepare
from minialex.training.config import RunConfig
from minialex.training.net_file import save_weights

QUICK = ("--model", "cifar_80sec", "--batch", "16", "--epochs", "1")


@pytest.fixture(scope="module")
def fashion(tmp_path_factory):
    """A tiny folder in the form of Fashion-MNIST: the class is where the bright stripe is."""
    folder, rng = tmp_path_factory.mktemp("idx") / "fashion-tiny", np.random.default_rng(0)
    folder.mkdir()
    for split, count in (("train", 40), ("t10k", 20)):
        labels = (np.arange(count) % 10).astype(np.uint8)
        images = rng.integers(0, 60, (count, 28, 28), dtype=np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[2 * label : 2 * label + 8, 4:24] = 220
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            content = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()
            (folder / f"{split}-{kind}-ubyte.gz").write_bytes(gzip.compress(content))
    return folder


@pytest.fixture(scope="module")
def trained(fashion, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "r"
    assert main(["train", *QUICK, "--data", str(fashion), "--out", str(out)]) == 0
    return out


def test_info(capsys, fashion):
    status, out, _ = run(capsys, "data", "info", fashion)
    assert status == 0
    assert "classes      10: T-shirt/top; Trouser" in out
    assert "image size   28 x 28 pixels, 1 channel" in out


def test_a_run_on_grey_images_keeps_their_channels(trained):
    config = RunConfig.read(trained)
    assert (config.channels, config.classes[9]) == (1, "Ankle boot")
    for name in ("curves.png", "filters.png", "predictions.png"):
        assert (trained / name).is_file()


def test_it_is_evaluated_and_predicts_colour_photographs_in_grey(capsys, trained, tmp_path):
    status, out, _ = run(capsys, "evaluate", trained, "--json")
    assert (status, json.loads(out)["images"]) == (0, 20)
    Image.fromarray(np.full((40, 50, 3), (200, 30, 90), np.uint8)).save(tmp_path / "a.png")
    status, out, err = run(capsys, "predict", trained, tmp_path / "a.png", "--json", "--out", tmp_path / "p.png")
    assert status == 0, err
    assert len(json.loads(out)[0]["top"]) == 5
    assert (tmp_path / "p.png").is_file()


def test_it_resumes(capsys, trained):
    status, _, err = run(capsys, "train", "--resume", "--out", trained, "--epochs", "2")
    assert status == 0, err
    assert len((trained / "metrics.csv").read_text().splitlines()) == 3


def test_colour_is_left_out_with_a_sentence(capsys, fashion, tmp_path):
    arguments = ("--image-size", "24", "--augment", "crop", "upside-down", "colour", "image-colour")
    status, _, err = run(capsys, "train", *QUICK, *arguments, "--data", fashion, "--out", tmp_path / "r")
    assert status == 0, err
    assert "fashion-tiny: augmentation without colour, which needs 3 channels, not 1" in err
    assert RunConfig.read(tmp_path / "r").augment == ("crop", "upside-down")


def test_images_of_other_channels_are_refused_by_a_run(capsys, trained, tmp_path):
    for split in ("train", "val"):
        for name in RunConfig.read(trained).classes:
            folder = tmp_path / "data" / split / name.replace("/", "-")
            folder.mkdir(parents=True)
            Image.fromarray(np.zeros((32, 32, 3), np.uint8)).save(folder / "0.png")
    copy = shutil.copytree(trained, tmp_path / "copy")
    settings = RunConfig.read(copy)
    replace(settings, classes=tuple(sorted(c.replace("/", "-") for c in settings.classes))).write(copy)
    save_weights(copy / "best.npz", load_run(trained).net)  # without the settings: any may be in config.json
    refused(capsys, 1, "expected images of 1 channels, as the run's, got 3", "evaluate", copy,
            "--data", tmp_path / "data")  # fmt: skip


def test_prepared_images_serve_a_net_of_half_their_size(capsys, tmp_path):
    rng = np.random.default_rng(0)
    for split in ("train", "val"):
        for name in ("a", "b"):
            (tmp_path / "photos" / split / name).mkdir(parents=True)
            for number in range(4):
                pixels = rng.integers(0, 256, (70, 64, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(tmp_path / "photos" / split / name / f"{number}.png")
    status, out, _ = run(capsys, "data", "info", tmp_path / "photos")
    assert (status, "originals    64 x 70 pixels" in out) == (0, True)
    prepared = prepare(tmp_path / "photos", tmp_path / "prepared", size=64).out
    start = ("train", *QUICK, "--data", prepared)
    status, _, err = run(capsys, *start, "--out", tmp_path / "plain")
    assert (status, RunConfig.read(tmp_path / "plain").scale) == (0, 32), err
    status, _, err = run(capsys, *start, "--out", tmp_path / "crops", "--augment", "crop", "reflection")
    assert (status, RunConfig.read(tmp_path / "crops").scale) == (0, 37), err
    assert "enlarged" not in err
    status, _, err = run(capsys, "evaluate", tmp_path / "crops", "--views", "10")
    assert status == 0, err
    status, _, err = run(capsys, *start, "--out", tmp_path / "large", "--image-size", "70", "--scale", "70")
    assert (status, "images of 64 pixels are enlarged to 70" in err) == (0, True)


@pytest.mark.parametrize(("given", "kept"), [("he", "he"), ("xavier", "xavier"), ("0.02", 0.02)])
def test_initial_weights(capsys, fashion, tmp_path, given, kept):
    out = tmp_path / "r"
    status, _, err = run(capsys, "train", *QUICK, "--init", given, "--standardize", "--data", fashion, "--out", out)
    assert status == 0, err
    config = RunConfig.read(out)
    assert config.init == kept
    W = config.build(np.random.default_rng(0))["conv2"].params["W"]
    expected = {"he": np.sqrt(2 / 800), "xavier": np.sqrt(2 / 1600)}.get(kept, 0.02)
    assert W.std() == pytest.approx(expected, rel=0.03)


def test_wrong_words_are_one_line(capsys, tmp_path):
    refused(capsys, 2, "expected he, xavier or a number > 0, got 'hee'", "train", "--init", "hee")
    refused(capsys, 2, "got 'im'; check the name or the path", "train", "--data", "im")
    refused(capsys, 2, "got 'fashon-mnist'; did you mean 'fashion-mnist'?", "data", "get", "fashon-mnist")
    refused(capsys, 2, "shapes are drawn, folders are yours", "data", "get", "shapes")
    refused(capsys, 2, "did you mean 'Dense'?", "gradcheck", "Dens")
    status, _, err = run(capsys, "gradcheck", "Foo")
    assert (status, "did you mean" in err) == (2, False)

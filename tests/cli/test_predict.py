"""`minialex predict` with a file of weights: the crop, the labels, the picture, and its one line when it fails.

The nets of such files are 4,096 wide and take seconds to load: one test loads the file by the command, the others share
a net that is loaded once.
"""

import json

import numpy as np
import pytest
from console import run
from PIL import Image

from minialex.data import read_image
from minialex.layers.softmax import softmax
from minialex.models import load_weights_file, torchvision_alexnet
from minialex.training import predictor

NAMES = ["tench, Tinca tinca", "goldfish", "white shark", "tiger shark", "hammerhead", "electric ray"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A file of weights for six classes, under our names and in halves; labels; a photograph 300 pixels wide."""
    root, rng = tmp_path_factory.mktemp("weights"), np.random.default_rng(0)
    state = torchvision_alexnet(rng=rng, classes=len(NAMES)).state()
    np.savez(root / "alexnet.npz", **{name: value.astype("float16") for name, value in state.items()})
    lines = [f"n{1440764 + number:08} {name}" for number, name in enumerate(NAMES)]
    (root / "labels.txt").write_text("\n".join(lines) + "\n")
    coarse = rng.integers(0, 256, (15, 20, 3), dtype=np.uint8)
    Image.fromarray(coarse).resize((400, 300)).save(root / "a.png")
    return root


@pytest.fixture(scope="module")
def net(folder):
    """The net of the file, with its mean image."""
    return load_weights_file(folder / "alexnet.npz")


@pytest.fixture
def loaded(folder, net, monkeypatch):
    """The folder; the command finds its net loaded, and loads other files itself."""

    def load(path, devices):
        return net if path == folder / "alexnet.npz" else load_weights_file(path, devices)

    monkeypatch.setattr(predictor, "load_weights_file", load)
    return folder


@pytest.mark.slow
def test_the_most_probable_labels_of_the_central_square(capsys, folder, net):
    command = ("predict", folder / "alexnet.npz", folder / "a.png", "--labels", folder / "labels.txt")
    status, out, err = run(capsys, *command, "--json")
    assert (status, err) == (0, "")
    (answer,) = json.loads(out)
    square = read_image(folder / "a.png", 256)[None, :, 16:240, 16:240]
    (p,) = softmax(np, net.net.forward(square - net.mean))
    assert answer["image"] == str(folder / "a.png")
    assert [top["label"] for top in answer["top"]] == [NAMES[i] for i in np.argsort(-p)[:5]]
    np.testing.assert_allclose([top["probability"] for top in answer["top"]], np.sort(p)[::-1][:5], rtol=1e-4)


def test_text_and_picture_show_the_same_labels(capsys, loaded):
    command = ("predict", loaded / "alexnet.npz", loaded / "a.png", "--labels", loaded / "labels.txt")
    (answer,) = json.loads(run(capsys, *command, "--json")[1])
    status, out, err = run(capsys, *command, "--out", loaded / "picture.png")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert (lines[0], len(lines)) == (str(loaded / "a.png"), 6)
    assert "#" in lines[1]
    assert answer["top"][0]["label"] in lines[1]
    with Image.open(loaded / "picture.png") as picture:
        assert min(picture.size) > 100


def test_without_labels_there_are_numbers(capsys, loaded):
    status, out, _ = run(capsys, "predict", loaded / "alexnet.npz", loaded / "a.png", "--json", "--top", "9")
    assert status == 0
    assert sorted(top["label"] for top in json.loads(out)[0]["top"]) == list("012345")


def refused(capsys, status, message, *arguments):
    """Check that the command fails with this status and one line, and prints nothing else."""
    got, out, err = run(capsys, *arguments)
    assert (got, out, len(err.splitlines())) == (status, "", 1), err
    assert err.startswith("minialex predict: ")
    assert message in err


def test_what_goes_wrong_is_one_line(capsys, loaded, tmp_path):
    weights, image = loaded / "alexnet.npz", loaded / "a.png"
    (tmp_path / "few.txt").write_text("cat\ndog\n")
    message = "few.txt: expected 6 labels, one for each class of the net, got 2"
    refused(capsys, 1, message, "predict", weights, image, "--labels", tmp_path / "few.txt")
    refused(capsys, 1, "no.txt: expected a text file", "predict", weights, image, "--labels", tmp_path / "no.txt")
    refused(capsys, 1, "no.png", "predict", weights, tmp_path / "no.png")
    refused(capsys, 1, "no.npz: expected a file of weights", "predict", tmp_path / "no.npz", image)
    refused(capsys, 1, "few.txt: expected a file .safetensors", "predict", tmp_path / "few.txt", image)
    (tmp_path / "torn.npz").write_bytes(b"PK\x03\x04")
    refused(capsys, 1, "torn.npz: expected a file of weights", "predict", tmp_path / "torn.npz", image)
    refused(capsys, 2, "got 'gpu'", "predict", weights, image, "--devices", "gpu")
    refused(capsys, 2, "expected 32 images at most", "predict", weights, *[image] * 33, "--out", tmp_path / "p.png")
    refused(capsys, 2, "p.xyz", "predict", weights, image, "--out", tmp_path / "p.xyz")
    assert not list(tmp_path.glob("p.*"))


@pytest.mark.slow
def test_labels_of_a_run_can_be_given_other_names(capsys, tmp_path, folder):
    quick = ("--model", "cifar_80sec", "--limit", "50", "--epochs", "1", "--data", "shapes")
    assert run(capsys, "train", "--out", tmp_path / "run", *quick)[0] == 0
    classes = json.loads((tmp_path / "run" / "config.json").read_text())["classes"]
    (tmp_path / "names.txt").write_text("\n".join(f"Form {number}" for number in range(len(classes))))
    arguments = ("predict", tmp_path / "run", folder / "a.png", "--labels", tmp_path / "names.txt", "--out")
    status, out, _ = run(capsys, *arguments, tmp_path / "p.png", "--json", "--top", "1")
    assert status == 0
    assert json.loads(out)[0]["top"][0]["label"].startswith("Form ")
    assert (tmp_path / "p.png").exists()

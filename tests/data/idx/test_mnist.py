"""MNIST and Fashion-MNIST in a folder of four IDX files."""

import numpy as np
import pytest

from minialex.data import load, read_idx, read_mnist
from minialex.data.idx.mnist import FASHION


@pytest.mark.parametrize("end", ["", ".gz"])
def test_a_folder(idx_folder, end):
    folder = idx_folder("mine", end=end)
    data = read_mnist(folder)
    assert (data.name, data.classes, data.channels) == ("mine", tuple("0123456789"), 1)
    assert (data.train.images.shape, data.val.images.shape) == ((20, 1, 28, 28), (10, 1, 28, 28))
    np.testing.assert_array_equal(data.val.images[:, 0], read_idx(folder / f"t10k-images-idx3-ubyte{end}"))
    np.testing.assert_array_equal(data.train.labels, np.arange(20) % 10)


@pytest.mark.parametrize(
    ("name", "classes", "names"),
    [
        ("Fashion-Tiny", 10, FASHION),
        ("FashionMNIST/raw", 3, FASHION),
        ("MNIST/raw", 3, tuple("012")),
        ("fashion-of-more", 12, tuple(map(str, range(12)))),
    ],
)
def test_the_names_of_the_classes(idx_folder, name, classes, names):
    folder = idx_folder(name, classes=classes)
    data = read_mnist(folder.parent if folder.name == "raw" else folder)
    assert data.classes == (names if classes != 12 else tuple(map(str, range(12))))
    assert data.name == name.split("/")[0]


def test_names_with_a_dot_are_found(idx_folder):
    folder = idx_folder("mnist")
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("-idx", ".idx"))
    assert len(read_mnist(folder).train) == 20


def test_a_file_that_is_missing_is_named(idx_folder):
    folder = idx_folder("mnist")
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match=r"a file t10k-labels-idx1-ubyte or .*\.gz, got neither; add it"):
        read_mnist(folder)


def test_files_that_do_not_fit_are_named(idx_folder):
    folder = idx_folder("mnist")
    images, labels = folder / "train-images-idx3-ubyte", folder / "train-labels-idx1-ubyte"
    images_before = images.read_bytes()
    labels.write_bytes((folder / "t10k-labels-idx1-ubyte").read_bytes())
    with pytest.raises(ValueError, match=r"train-labels.*: expected 20 labels, one for each image, got 10"):
        read_mnist(folder)
    images.write_bytes(labels.read_bytes())
    with pytest.raises(ValueError, match=r"train-images.*: expected uint8 of 3 axes, got uint8 \(10,\)"):
        read_mnist(folder)
    images.write_bytes(images_before[:-1])
    with pytest.raises(ValueError, match=r"train-images.*: expected an IDX file, whole"):
        load(folder)


class TestLoad:
    def test_a_folder_limited(self, idx_folder):
        data = load(idx_folder("fashion-tiny"), limit=5)
        assert (data.train.images.shape, data.classes) == ((5, 1, 28, 28), FASHION)

    @pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
    @pytest.mark.parametrize("torchvision", [False, True])
    def test_by_name(self, idx_folder, monkeypatch, name, torchvision):
        folders = {"mnist": "MNIST/raw", "fashion-mnist": "FashionMNIST/raw"}
        folder = idx_folder(folders[name] if torchvision else name, end=".gz")
        root = folder.parents[1] if torchvision else folder.parent
        monkeypatch.setenv("MINIALEX_DATA", str(root))
        assert load(name).classes == (FASHION if "fashion" in name else tuple("0123456789"))

    def test_where_it_is_not(self, tmp_path, monkeypatch):
        monkeypatch.setenv("MINIALEX_DATA", str(tmp_path))
        monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / "cache")
        with pytest.raises(FileNotFoundError, match=r"fashion-mnist: .*run: minialex data get fashion-mnist"):
            load("fashion-mnist")

    def test_another_size_and_the_sentence_where_it_is_larger(self, idx_folder, capsys):
        folder = idx_folder("mnist")
        assert load(folder, image_size=14).image_size == 14
        assert capsys.readouterr().err == ""
        assert load(folder, image_size=32).train.images.shape == (20, 1, 32, 32)
        assert capsys.readouterr().err == "mnist: images of 28 pixels are enlarged to 32; that adds no detail\n"

    def test_rectangles_at_their_size_and_not_at_another(self, idx_folder):
        folder = idx_folder("mnist", size=(20, 28))
        assert load(folder).train.images.shape == (20, 1, 20, 28)
        with pytest.raises(ValueError, match="expected square images, got 20 x 28"):
            load(folder, image_size=16)

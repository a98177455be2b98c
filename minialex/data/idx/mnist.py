"""MNIST (LeCun et al., 1998), Fashion-MNIST (Xiao et al., 2017) and others of their four IDX files: grey images."""

import os
from pathlib import Path

import numpy as np

from minialex.checks import described, expected
from minialex.data.dataset import Dataset
from minialex.data.idx.format import read_idx
from minialex.data.locations import data_folders
from minialex.data.split import Split
from minialex.files.paths import as_path

NAMES = ("mnist", "fashion-mnist")
TORCHVISION = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}  # the names of its folders
TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
FASHION = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip


def read_mnist(folder: str | os.PathLike) -> Dataset:
    """Read the training and the test images of a folder into memory, of one channel.

    The classes are the labels, "0" to "9"; those of Fashion-MNIST have names, if "fashion" is in the folder's name.

    Args:   folder, with the four files of MNIST, compressed by gzip or not, or with a folder `raw` of them.
    Errors: FileNotFoundError if one is absent; ValueError, naming the file, if it is damaged or does not fit.
    """
    found = locate_mnist(as_path("read_mnist", folder)) or Path(folder)
    train, val = (read_pair(found, names) for names in (TRAIN, TEST))
    count = 1 + int(max(train.labels.max(), val.labels.max()))
    root = found.resolve()
    name = root.parent.name if root.name == "raw" else root.name
    fashion = "fashion" in name.lower() and count <= len(FASHION)
    return Dataset(name, FASHION if fashion else tuple(map(str, range(count))), train, val)


def read_pair(folder: Path, names: tuple[str, str]) -> Split:
    """Read the images and the labels of a split."""
    paths = [path_in(folder, name) for name in names]
    images, labels = map(read_idx, paths)
    for path, array, axes in zip(paths, (images, labels), (3, 1), strict=True):
        if array.dtype != np.uint8 or array.ndim != axes:
            raise expected(path, f"uint8 of {axes} axes", described(array), "download it again")
    if len(images) != len(labels):
        raise expected(
            paths[1], f"{len(images):,} labels, one for each image", f"{len(labels):,}", "download both again"
        )
    return Split(images[:, None], labels)


def path_in(folder: Path, name: str) -> Path:
    """Return the path of a file, which may be compressed, and may have a dot before "idx"."""
    candidates = [folder / (spelt + end) for spelt in (name, name.replace("-idx", ".idx")) for end in ("", ".gz")]
    got = next((path for path in candidates if path.is_file()), None)
    if got is None:
        advice = "add it, or run: minialex data get mnist (or fashion-mnist)"
        raise expected(folder, f"a file {name} or {name}.gz", "neither", advice, FileNotFoundError)
    return got


def locate_mnist(folder: str | os.PathLike) -> Path | None:
    """Return the folder of the IDX files: this one, or `raw` in it; None if there is none."""
    for candidate in (Path(folder), Path(folder, "raw")):
        if any(candidate.glob("train-images?idx3-ubyte*")):
            return candidate
    return None


def find_mnist(name: str) -> Path:
    """Return where "mnist" or "fashion-mnist" is, in $MINIALEX_DATA or the user's cache.

    Errors: FileNotFoundError if it is in neither.
    """
    folders = data_folders()
    for folder in folders:
        for candidate in (folder / name, folder / TORCHVISION[name]):
            if path := locate_mnist(candidate):
                return path
    advice = f"run: minialex data get {name}, or give the folder that contains its files"
    raise expected(name, f"it in {' or '.join(map(str, folders))}", "none there", advice, FileNotFoundError)

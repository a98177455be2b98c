"""Tiny image folders, CIFAR-10 and IDX files for the tests of minialex.data, and real photographs where they are."""

import gzip
import os
import pickle
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from minialex.data.cifar10 import reader as cifar10

RECORDS = 20  # images in each tiny batch


@pytest.fixture
def image_folder(tmp_path):
    """A folder with classes cat and dog, three images for training and two for validation in each."""
    rng = np.random.default_rng(0)
    for split, count in (("train", 3), ("val", 2)):
        for name in ("cat", "dog"):
            folder = tmp_path / "photos" / split / name
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(0, 256, (48, 40 + 8 * number, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / f"{number}.png")
    return tmp_path / "photos"


@pytest.fixture
def tiny_cifar(monkeypatch):
    """The images and labels of six tiny batches; the reader is set to their size."""
    monkeypatch.setattr(cifar10, "IMAGES", RECORDS)
    rng = np.random.default_rng(0)
    names = cifar10.TRAIN + cifar10.TEST
    return {
        name: (rng.integers(0, 256, (RECORDS, 3, 32, 32), dtype=np.uint8), rng.integers(0, 10, RECORDS))
        for name in names
    }


@pytest.fixture
def binary_folder(tiny_cifar, tmp_path):
    """The tiny batches in the binary version."""
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    for name, (images, labels) in tiny_cifar.items():
        records = np.concatenate([labels[:, None].astype(np.uint8), images.reshape(RECORDS, -1)], axis=1)
        (folder / f"{name}.bin").write_bytes(records.tobytes())
    (folder / "batches.meta.txt").write_text("\n".join(cifar10.CLASSES) + "\n\n")
    return folder


@pytest.fixture
def python_folder(tiny_cifar, tmp_path):
    """The tiny batches in the Python version."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for name, (images, labels) in tiny_cifar.items():
        batch = {b"batch_label": b"tiny", b"data": images.reshape(RECORDS, -1), b"labels": labels.tolist()}
        (folder / name).write_bytes(pickle.dumps(batch, protocol=2))
    return folder


@pytest.fixture
def pack():
    """A function that packs a folder into an archive beside it."""

    def pack_folder(folder: Path, name: str) -> Path:
        with tarfile.open(folder.parent / name, "w:gz") as archive:
            archive.add(folder, folder.name)
        return folder.parent / name

    return pack_folder


@pytest.fixture(scope="session")
def photographs(tmp_path_factory):
    """A few real photographs of ImageNet, train/<class>/*.JPEG and val/<class>/*.JPEG."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    archive = Path(os.environ.get("MINIALEX_DATA", beside)) / "imagenet-sample.tar"
    if not archive.is_file():
        pytest.skip(f"no {archive.name} in $MINIALEX_DATA or ../shared/data")
    folder = tmp_path_factory.mktemp("photographs")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return next(path.parent for path in folder.rglob("train"))


@pytest.fixture
def idx_folder(tmp_path):
    """A function that writes the four files of MNIST, tiny, into a folder of this name: 20 and 10 images."""

    def write(name: str, *, end: str = "", classes: int = 10, size: tuple[int, int] = (28, 28)) -> Path:
        (tmp_path / name).mkdir(parents=True)
        rng = np.random.default_rng(0)
        for split, count in (("train", 20), ("t10k", 10)):
            labels = (np.arange(count) % classes).astype(np.uint8)
            images = rng.integers(0, 256, (count, *size), dtype=np.uint8)
            for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
                content = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()
                path = tmp_path / name / f"{split}-{kind}-ubyte{end}"
                path.write_bytes(gzip.compress(content) if end else content)
        return tmp_path / name

    return write

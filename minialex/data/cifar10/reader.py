"""CIFAR-10 as its authors publish it: the binary or the Python version, as an archive or unpacked.

The names of the ten classes are known, so the files `batches.meta` are not read: one untrusted pickle less.
"""

import os
from pathlib import Path

import numpy as np

from minialex.checks import described, expected
from minialex.data.cifar10.batch_files import ARCHIVES, FOLDERS, TEST, TRAIN, fetch, locate, read_archive, read_files
from minialex.data.dataset import Dataset
from minialex.data.split import Split
from minialex.files.plain_pickle import read_pickle

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
IMAGES = 10_000  # in each file
PIXELS = 3 * 32 * 32  # bytes an image: red, green, blue, each row after row
AGAIN = "download the files again"


def read_cifar10(path: str | os.PathLike) -> Dataset:
    """Read the 50,000 training and 10,000 test images into memory; nothing is unpacked on the disk.

    Args:   path, an archive (`cifar-10-binary.tar.gz`, `cifar-10-python.tar.gz`), the folder that was in it, or a
            folder that contains one of these.
    Errors: FileNotFoundError if there is none; ValueError, naming the file, if one is absent, of another size, or
            not what CIFAR-10 has there.
    """
    source = locate(path)
    if source is None:
        what = f"one of {', '.join(ARCHIVES + FOLDERS)}"
        got = "none of them" if Path(path).exists() else "a path that is absent"
        raise expected(path, what, got, "run: minialex data get cifar10", FileNotFoundError)
    files = read_files(source) if source.is_dir() else read_archive(source)
    read = read_binary if f"{TRAIN[0]}.bin" in files else read_python
    train, val = (read_batches(files, names, read, source) for names in (TRAIN, TEST))
    return Dataset("cifar10", CLASSES, train, val)


def read_batches(files: dict[str, bytes], names: tuple[str, ...], read, source: Path) -> Split:
    """Read the images of some batches, concatenated."""
    images = np.empty((len(names) * IMAGES, 3, 32, 32), dtype=np.uint8)
    labels = np.empty(len(images), dtype=np.int64)
    for number, name in enumerate(names):
        part = slice(number * IMAGES, (number + 1) * IMAGES)
        images[part], batch_labels = read(files, name, source)
        if wrong := [label for label in batch_labels if not 0 <= label < len(CLASSES)]:
            raise expected(source / name, "labels 0 to 9", wrong[0], AGAIN)
        labels[part] = batch_labels
    return Split(images, labels)


def read_binary(files: dict[str, bytes], name: str, source: Path) -> tuple[np.ndarray, list[int]]:
    """Read a batch of records: one byte for the label, then the pixels."""
    raw = fetch(files, f"{name}.bin", source)
    size = IMAGES * (1 + PIXELS)
    if len(raw) != size:
        raise expected(f"{source / name}.bin", f"{size:,} bytes", f"{len(raw):,}", AGAIN)
    records = np.frombuffer(raw, dtype=np.uint8).reshape(IMAGES, 1 + PIXELS)
    return records[:, 1:].reshape(IMAGES, 3, 32, 32), records[:, 0].tolist()


def read_python(files: dict[str, bytes], name: str, source: Path) -> tuple[np.ndarray, list[int]]:
    """Read a batch as Python 2 pickled it: a dictionary with an array and a list."""
    batch = read_pickle(fetch(files, name, source), str(source / name))
    pixels, labels = batch.get(b"data"), batch.get(b"labels")
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.shape != (IMAGES, PIXELS):
        raise expected(source / name, f"data of uint8 ({IMAGES}, {PIXELS})", described(pixels), AGAIN)
    if not isinstance(labels, list) or len(labels) != IMAGES or {type(label) for label in labels} != {int}:
        got = f"{len(labels)} entries" if isinstance(labels, list) else type(labels).__name__
        raise expected(source / name, f"a list of {IMAGES} integers as labels", got, AGAIN)
    return pixels.reshape(IMAGES, 3, 32, 32), labels

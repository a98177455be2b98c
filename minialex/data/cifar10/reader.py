"""CIFAR-10 as its authors publish it: the binary or the Python version, as an archive or unpacked.

The names of the ten classes are known, so the files `batches.meta` are not read: one untrusted pickle less.
"""

import os
import tarfile
import zlib
from pathlib import Path

import numpy as np

from minialex.checks import described, expected
from minialex.data.dataset import Dataset, Split
from minialex.data.locations import data_folders
from minialex.files.plain_pickle import read_pickle

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
IMAGES = 10_000  # in each file
PIXELS = 3 * 32 * 32  # bytes an image: red, green, blue, each row after row
TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST = ("test_batch",)
FOLDERS = ("cifar-10-batches-bin", "cifar-10-batches-py")
ARCHIVES = ("cifar-10-binary.tar.gz", "cifar-10-python.tar.gz")
LARGEST = 2**26  # bytes that are read of a file in an archive; the official ones have 31 million
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


def locate(path: str | os.PathLike) -> Path | None:
    """Return the archive or folder with the files of CIFAR-10: this one, or one in it; None if there is none."""
    path = Path(path)
    if path.is_file():
        return path
    if any((path / name).is_file() for name in (TRAIN[0], f"{TRAIN[0]}.bin")):
        return path
    inside = [path / name for name in FOLDERS + ARCHIVES]
    return next((candidate for candidate in inside if candidate.exists()), None)


def find_cifar10(folder: str | os.PathLike | None = None) -> Path:
    """Return where CIFAR-10 is: in this folder or, if None, in $MINIALEX_DATA or the user's cache.

    Errors: FileNotFoundError if it is in none of them.
    """
    folders = [Path(folder)] if folder is not None else data_folders()
    for candidate in folders:
        if path := locate(candidate):
            return path
    advice = "run: minialex data get cifar10, or give the folder that contains it"
    raise expected("cifar10", f"it in {' or '.join(map(str, folders))}", "none there", advice, FileNotFoundError)


def read_files(folder: Path) -> dict[str, bytes]:
    """Read the batches in a folder, by name."""
    names = [name + ending for name in TRAIN + TEST for ending in ("", ".bin")]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def read_archive(path: Path) -> dict[str, bytes]:
    """Read the batches in an archive, by name, in any folder of it; links and all other members are ignored."""
    names = {name + ending for name in TRAIN + TEST for ending in ("", ".bin")}
    files = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = member.name.rsplit("/", 1)[-1]
                if name in names and member.isfile() and (content := archive.extractfile(member)):
                    files[name] = content.read(LARGEST)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        got = f"one that cannot be read to its end ({error})"
        raise expected(path, "an archive of CIFAR-10", got, "remove it and run: minialex data get cifar10") from error
    return files


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


def fetch(files: dict[str, bytes], name: str, source: Path) -> bytes:
    """Remove and return the file with this name: all of them together would take much memory."""
    if name not in files:
        got = ", ".join(sorted(files)) or "none of CIFAR-10"
        raise expected(source, f"a file {name} in it", got, "run: minialex data get cifar10")
    return files.pop(name)

"""The two files of a shard: train-00000.npy, its images, and train-00000.npz, its labels, sums and fingerprint.

The second is written last and contains the fingerprint of the image files that the shard was made of: if it exists, the
shard is finished.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from minialex.checks import described, expected
from minialex.data.pixel_statistics import Sums
from minialex.files.atomic import whole_file


@dataclass(frozen=True, eq=False)
class Facts:
    """The labels of a shard's images, and how the shard was made.

    Shapes: labels int64 (n,).
    Args:   fingerprint, of the image files it was made of; unreadable, those that are left out, each with a reason;
            sums, over the training images (None for validation images).
    """

    fingerprint: str
    labels: np.ndarray
    unreadable: list[tuple[str, str]]
    sums: Sums | None


def shard_path(folder: Path, split: str, number: int) -> Path:
    """Return the path of a shard's images; its facts have the same name and end in .npz."""
    return folder / f"{split}-{number:05}.npy"


def write_images(path: Path, batches: Iterable[np.ndarray], most: int, size: int) -> None:
    """Write the images of the batches, in order, into one .npy file; `most` is an upper bound of their number."""
    count = 0
    with whole_file(path) as file:
        file.write(header(most, size))
        for images in batches:
            file.write(images.data)
            count += len(images)
        file.seek(0)
        file.write(header(count, size))  # as long as the first: NumPy leaves room for any count


def header(count: int, size: int) -> bytes:
    """Return the header of a .npy file of images."""
    file, about = BytesIO(), {"descr": "|u1", "fortran_order": False, "shape": (count, 3, size, size)}
    np.lib.format.write_array_header_1_0(file, about)
    return file.getvalue()


def write_facts(path: Path, facts: Facts) -> None:
    """Write the .npz file of a shard."""
    arrays = {"labels": facts.labels}
    if facts.sums is not None:
        arrays |= {"pixels": facts.sums.pixels, "products": facts.sums.products}
    text = json.dumps({"fingerprint": facts.fingerprint, "unreadable": facts.unreadable})
    with whole_file(path) as file:
        np.savez(file, about=np.array(text), **arrays)  # type: ignore[arg-type]


def read_images(path: Path, count: int, size: int) -> np.ndarray:
    """Open the images of a shard as a memory map.

    Errors: ValueError, naming the file, if it is absent or contains anything else.
    """
    with one_line_errors(path):
        try:
            images = np.lib.format.open_memmap(path, mode="r")
        except OSError:  # a file system without memory maps; another error is raised once more
            images = np.load(path, allow_pickle=False)
        require(images.dtype == np.uint8 and images.shape == (count, 3, size, size), described(images))
    return images


def read_facts(path: Path, *, size: int | None = None) -> Facts:
    """Read the facts of a shard.

    Args:   size, of the images, to read their sums too; None for the rest alone, which is small.
    Errors: ValueError, naming the file, if it is absent or contains anything else.
    """
    with one_line_errors(path), path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        about, labels, sums = json.loads(str(file["about"])), file["labels"], None
        require(labels.dtype == np.int64 and labels.ndim == 1, f"labels of {described(labels)}")
        require(isinstance(about["fingerprint"], str), f"fingerprint {about['fingerprint']!r}")
        if size is not None:
            sums = Sums(len(labels), file["pixels"], file["products"])
            require(sums.pixels.dtype == sums.products.dtype == np.int64, f"sums of {sums.pixels.dtype}")
            require(sums.pixels.shape == (3, size, size) and sums.products.shape == (3, 3), "sums of another size")
        return Facts(about["fingerprint"], labels, [(str(name), str(why)) for name, why in about["unreadable"]], sums)


def require(condition: bool, got: str) -> None:
    """Raise an error, to be completed by `one_line_errors`, unless the condition holds."""
    if not condition:
        raise ValueError(got)


@contextmanager
def one_line_errors(path: Path) -> Iterator[None]:
    """Turn every error of reading a prepared file that was damaged or changed into one line."""
    try:
        yield
    except FileNotFoundError:
        got = "none"
    except MemoryError:
        got = "one that asks for too much memory"
    except Exception as error:  # ValueError, OSError, KeyError, EOFError, BadZipFile, zlib.error, ...
        got = " ".join(str(error).split()) or type(error).__name__
    else:
        return
    raise expected(path, "a file as `minialex data prepare` writes it", got, "prepare again")

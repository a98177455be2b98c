"""The two files of a shard: train-00000.npy, the images, and train-00000.npz, all else that is known of them.

The second is written last and says which image files the shard was made of: where it is, the shard is finished.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from minialex.data.pixel_statistics import Sums
from minialex.files.atomic import whole_file


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a shard's images.

    Shapes: labels int64 (n,).
    Args:   fingerprint, of the image files it was made of; unreadable, those that are left out, each with a reason;
            sums, over the training images (of those to validate on: None).
    """

    fingerprint: str
    labels: np.ndarray
    unreadable: list[tuple[str, str]]
    sums: Sums | None


def shard_path(folder: Path, split: str, number: int) -> Path:
    """Where the images of a shard lie; its facts lie beside them, in .npz."""
    return folder / f"{split}-{number:05}.npy"


def write_images(path: Path, batches: Iterable[np.ndarray], most: int, size: int) -> None:
    """The images of the batches, one after another, in one .npy file; at most so many."""
    count = 0
    with whole_file(path) as file:
        file.write(header(most, size))
        for images in batches:
            file.write(images.data)
            count += len(images)
        file.seek(0)
        file.write(header(count, size))  # as long as the first: NumPy leaves room for any count


def header(count: int, size: int) -> bytes:
    """How a .npy file of images begins."""
    file = BytesIO()
    about = {"descr": "|u1", "fortran_order": False, "shape": (count, 3, size, size)}
    np.lib.format.write_array_header_1_0(file, about)
    return file.getvalue()


def write_facts(path: Path, facts: Facts) -> None:
    """The .npz file of a shard."""
    arrays = {"labels": facts.labels}
    if facts.sums is not None:
        arrays |= {"pixels": facts.sums.pixels, "products": facts.sums.products}
    text = json.dumps({"fingerprint": facts.fingerprint, "unreadable": facts.unreadable})
    with whole_file(path) as file:
        np.savez(file, about=np.array(text), **arrays)  # type: ignore[arg-type]


def read_images(path: Path, count: int, size: int) -> np.ndarray:
    """The images of a shard, mapped into memory.

    Errors: ValueError, naming the file, if it is absent or holds anything else.
    """
    with whole(path):
        images = np.lib.format.open_memmap(path, mode="r")
        expect(images.dtype == np.uint8 and images.shape == (count, 3, size, size), f"{images.dtype} {images.shape}")
        return images


def read_facts(path: Path, *, size: int | None = None) -> Facts:
    """What is known of a shard.

    Args:   size, that of the images whose sums are read too; None for the rest alone, which is small.
    Errors: ValueError, naming the file, if it is absent or holds anything else.
    """
    with whole(path), path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        about, labels, sums = json.loads(str(file["about"])), file["labels"], None
        expect(labels.dtype == np.int64 and labels.ndim == 1, f"labels of {labels.dtype} {labels.shape}")
        expect(isinstance(about["fingerprint"], str), f"fingerprint {about['fingerprint']!r}")
        if size is not None:
            sums = Sums(len(labels), file["pixels"], file["products"])
            expect(sums.pixels.dtype == sums.products.dtype == np.int64, f"sums of {sums.pixels.dtype}")
            expect(sums.pixels.shape == (3, size, size) and sums.products.shape == (3, 3), "sums of another size")
        return Facts(about["fingerprint"], labels, [(str(name), str(why)) for name, why in about["unreadable"]], sums)


def expect(right: bool, came: str) -> None:
    """Complains, inside `whole`, of what came instead of what was expected."""
    if not right:
        raise ValueError(came)


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Turns all that can be wrong with a file that we wrote, and somebody changed, into one line."""
    try:
        yield
    except FileNotFoundError:
        came = "none"
    except MemoryError:
        came = "one that asks for too much memory"
    except Exception as error:  # ValueError, OSError, KeyError, EOFError, BadZipFile, zlib.error, ...
        came = " ".join(str(error).split()) or type(error).__name__
    else:
        return
    raise ValueError(f"{path}: expected a file as `minialex data prepare` writes it, got {came}; prepare again")

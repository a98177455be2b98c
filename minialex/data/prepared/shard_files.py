"""The two files of a shard: train-00000.npy, its images, and train-00000.npz, their labels, checksums, sums and more.

The second is written last and contains the fingerprint of the image files that the shard was made of: if it exists, the
shard is finished.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from minialex.checks import described
from minialex.data.pixel_statistics import Sums
from minialex.data.prepared.reading import one_line_errors, require
from minialex.files.atomic import whole_file
from minialex.files.plain_npz import read_npz


@dataclass(frozen=True, eq=False)
class Facts:
    """The labels of a shard's images, and how the shard was made.

    Shapes: labels int64 (n,); checksums uint32 (n,), CRC-32 of the bytes of each image (None in format 1).
    Args:   fingerprint, of the image files it was made of; unreadable, those that are left out, each with a reason;
            sums, over the training images (None for validation images).
    """

    fingerprint: str
    labels: np.ndarray
    unreadable: list[tuple[str, str]]
    sums: Sums | None
    checksums: np.ndarray | None = None


def write_facts(path: Path, facts: Facts) -> None:
    """Write the .npz file of a shard."""
    arrays = {"labels": facts.labels}
    if facts.checksums is not None:
        arrays["checksums"] = facts.checksums
    if facts.sums is not None:
        arrays |= {"pixels": facts.sums.pixels, "products": facts.sums.products}
    text = json.dumps({"fingerprint": facts.fingerprint, "unreadable": facts.unreadable})
    with whole_file(path) as file:
        np.savez(file, about=np.array(text), **arrays)  # type: ignore[arg-type]


def read_facts(path: Path, *, size: int | None = None) -> Facts:
    """Read the facts of a shard.

    Args:   size, of the images, to read their sums too; None for the rest alone, which is small.
    Errors: ValueError, naming the file, if it is absent or contains anything else.
    """
    names = {"about", "labels", "checksums"} | ({"pixels", "products"} if size is not None else set())
    with one_line_errors(path):
        file = dict(read_npz(path, names))
        about, labels, sums, checksums = json.loads(str(file["about"])), file["labels"], None, file.get("checksums")
        require(labels.dtype == np.int64 and labels.ndim == 1, f"labels of {described(labels)}")
        require(isinstance(about["fingerprint"], str), f"fingerprint {about['fingerprint']!r}")
        if checksums is not None:
            require(checksums.dtype == np.uint32 and checksums.shape == labels.shape, described(checksums))
        if size is not None:
            sums = Sums(len(labels), file["pixels"], file["products"])
            require(sums.pixels.dtype == sums.products.dtype == np.int64, f"sums of {sums.pixels.dtype}")
            require(sums.pixels.shape == (3, size, size) and sums.products.shape == (3, 3), "sums of another size")
        unreadable = [(str(name), str(why)) for name, why in about["unreadable"]]
        return Facts(about["fingerprint"], labels, unreadable, sums, checksums)

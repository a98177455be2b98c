"""The images of a shard, train-00000.npy: an array that is written as it is decoded, and read as a memory map."""

import os
import zlib
from collections.abc import Iterable
from io import BytesIO
from math import prod
from pathlib import Path

import numpy as np

from minialex.data.prepared.reading import one_line_errors, require
from minialex.files.atomic import whole_file
from minialex.files.plain_npz import read_header


def shard_path(folder: Path, split: str, number: int) -> Path:
    """Return the path of a shard's images; its facts have the same name and end in .npz."""
    return folder / f"{split}-{number:05}.npy"


def write_images(path: Path, batches: Iterable[np.ndarray], most: int, size: int) -> np.ndarray:
    """Write the images of the batches, in order, into one .npy file, and return the checksum of each.

    Args:   most, an upper bound of their number.
    """
    checksums: list[int] = []
    with whole_file(path) as file:
        file.write(header(most, size))
        for images in batches:
            file.write(images.data)
            checksums.extend(map(zlib.crc32, images))
        file.seek(0)
        file.write(header(len(checksums), size))  # as long as the first: NumPy leaves room for any count
    return np.array(checksums, dtype=np.uint32)


def header(count: int, size: int) -> bytes:
    """Return the header of a .npy file of images."""
    file = BytesIO()
    about = {"descr": "|u1", "fortran_order": False, "shape": (count, 3, size, size)}
    np.lib.format.write_array_header_1_0(file, about)
    return file.getvalue()


def read_images(path: Path, count: int, size: int) -> np.ndarray:
    """Open the images of a shard as a memory map.

    Errors: ValueError, naming the file, if it is absent or contains anything else.
    """
    with one_line_errors(path):
        with path.open("rb") as file:
            shape, by_columns, dtype = read_header(file)
            offset, length = file.tell(), os.fstat(file.fileno()).st_size
        require((dtype, shape, by_columns) == (np.uint8, (count, 3, size, size), False), f"{dtype} {shape}")
        require(length == offset + prod(shape), f"one of {length:,} bytes")
        try:
            return np.memmap(path, np.uint8, "r", offset, shape)
        except OSError:  # a file system without memory maps; another error is raised once more
            return np.fromfile(path, np.uint8, offset=offset).reshape(shape)

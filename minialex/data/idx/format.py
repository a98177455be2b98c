"""IDX, the file format of MNIST: a magic number, the length of each axis, then the values. No file is trusted.

    bytes 0, 1    0
    byte 2        the kind of the values: 8 for uint8, 9 int8, 11 int16, 12 int32, 13 float32, 14 float64
    byte 3        the number of axes
    then          the length of each axis, 4 bytes; all numbers begin with the highest byte

Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section "the IDX file format".
"""

import gzip
import os
import zlib
from math import prod
from typing import BinaryIO

import numpy as np

from minialex.checks import expected
from minialex.files.paths import as_path

KINDS = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
AXES = 4  # at most
GZIP = b"\x1f\x8b"  # how such a file begins
EXPANSION = 1032  # bytes that one byte of gzip can become, at most
CHUNK = 2**20  # bytes that are read at a time


def read_idx(path: str | os.PathLike) -> np.ndarray:
    """Read an IDX file, compressed by gzip or not.

    The header is compared with the size of the file before memory is taken.

    Errors: FileNotFoundError if it is absent; ValueError, naming the file, if it is anything else or only a part.
    """
    path = as_path("read_idx", path)
    if not path.is_file():
        raise expected(path, "an IDX file", "none", "check the path", FileNotFoundError)
    try:
        with path.open("rb") as raw:
            compressed = raw.read(2) == GZIP
            raw.seek(0)
            most = path.stat().st_size * (EXPANSION if compressed else 1)
            if not compressed:
                return read_array(raw, most)
            with gzip.open(raw) as file:
                return read_array(file, most)  # type: ignore[arg-type]
    except (ValueError, OSError, EOFError, zlib.error) as error:
        got = " ".join(str(error).split()) or type(error).__name__
        raise expected(path, "an IDX file, whole", got, "download it again") from None


def read_array(file: BinaryIO, most: int) -> np.ndarray:
    """Read the header and the values, which are `most` bytes at most."""
    header = exactly(file, 4)
    if header[:2] != b"\0\0" or header[2] not in KINDS or not 1 <= header[3] <= AXES:
        raise ValueError(f"one that begins with {header.hex(' ')}")
    shape = tuple(np.frombuffer(exactly(file, 4 * header[3]), ">u4").tolist())
    dtype = np.dtype(KINDS[header[2]])
    size = prod(shape) * dtype.itemsize
    if size == 0 or size > most:
        raise ValueError(f"a header of shape {shape} in a file too small for it" if size else f"no values, {shape}")
    values = exactly(file, size)
    if file.read(1):
        raise ValueError(f"more bytes than the {size:,} of shape {shape}")
    return np.frombuffer(values, dtype).astype(dtype.newbyteorder("="), copy=False).reshape(shape)


def exactly(file: BinaryIO, size: int) -> bytearray:
    """Read so many bytes, in chunks: memory grows with what is there, not with what the header claims."""
    content = bytearray()
    while len(content) < size:
        chunk = file.read(min(CHUNK, size - len(content)))
        if not chunk:
            raise ValueError(f"the first {len(content):,} of {size:,} bytes")
        content += chunk
    return content

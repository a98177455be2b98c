"""Frames: a message and its arrays as bytes in a pipe.

There is no pickle in it: reading a frame runs no code of its sender.

    8 bytes      the length of the header
    the header   JSON: the message; name, dtype and shape of each array
    the rest     the elements of the arrays, in the order of the header
"""

import json
from collections.abc import Mapping
from math import prod
from typing import IO, Any

import numpy as np

LARGEST_HEADER = 2**20
LARGEST = 2**28  # bytes of all arrays together: a frame is read by the parent, whose memory has no limit
KINDS = "biufc"  # truth values, integers, floats, complex numbers; no Python objects

Frame = tuple[dict[str, Any], dict[str, np.ndarray]]


class BrokenFrame(ValueError):
    """What came through the pipe is no frame."""


def write_frame(file: IO[bytes], message: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a message, which JSON can hold, and arrays of numbers."""
    ordered = {name: np.array(array, order="C") for name, array in arrays.items()}  # also of scalars
    described = [[name, array.dtype.str, array.shape] for name, array in ordered.items()]
    header = json.dumps([message, described]).encode()
    file.write(len(header).to_bytes(8, "little") + header)
    for array in ordered.values():
        file.write(array.tobytes())
    file.flush()


def read_frame(file: IO[bytes]) -> Frame:
    """Read what `write_frame` has written.

    Errors: EOFError at the end of the pipe; BrokenFrame for anything but a frame, or one that is too large.
    """
    n = int.from_bytes(exactly(file, 8), "little")
    if n > LARGEST_HEADER:
        raise BrokenFrame(f"a header of {n} bytes")
    try:
        message, described = json.loads(exactly(file, n))
        layout = [(str(name), np.dtype(kind), tuple(map(int, shape))) for name, kind, shape in described]
        sizes = [prod(shape) * dtype.itemsize for _, dtype, shape in layout]
    except (ValueError, TypeError, RecursionError) as error:
        raise BrokenFrame(f"a header that cannot be read: {type(error).__name__}") from error
    if not isinstance(message, dict) or any(dtype.kind not in KINDS or min(shape, default=0) < 0
                                            for _, dtype, shape in layout):  # fmt: skip
        raise BrokenFrame("a message that is no dict, or arrays of objects")
    if sum(sizes) > LARGEST:
        raise BrokenFrame(f"arrays of {sum(sizes)} bytes")
    arrays = {}
    for (name, dtype, shape), size in zip(layout, sizes, strict=True):
        arrays[name] = np.frombuffer(bytearray(exactly(file, size)), dtype).reshape(shape)  # writable
    return message, arrays


def exactly(file: IO[bytes], n: int) -> bytes:
    """Read n bytes."""
    data = file.read(n) if n else b""
    if len(data) < n:
        raise EOFError
    return data

"""The three formats of weight files that are read, each by a generator of (name, array).

A `.safetensors` file is a table of names, shapes and offsets, followed by the values. An `.npz` file is a zip archive
of arrays. An `.npy` file from the years of Caffe holds a pickled dictionary, and a pickle is a program:
`files/plain_pickle.py` reads it without running anything. The sizes that a file declares are compared with its length
before memory is allocated for them.
"""

import io
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy
from safetensors import deserialize

from minialex.files.plain_pickle import read_pickle

LARGEST = 2**31  # bytes of a file, and of its arrays when unpacked; AlexNet has 0.24 billion
FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}  # safetensors' names, and NumPy's for the bytes
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_safetensors(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    for name, entry in deserialize(path.read_bytes()):
        if entry["dtype"] not in FLOATS:
            raise ValueError(f"{name} is of {entry['dtype']}, not of floats")
        array = np.frombuffer(entry["data"], FLOATS[entry["dtype"]]).reshape(entry["shape"])
        if entry["dtype"] == "BF16":  # the upper half of a float32
            array = (array.astype(np.uint32) << 16).view(np.float32)
        yield name, array


def read_npz(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > LARGEST:
            raise ValueError(f"one that unpacks to more than {LARGEST:,} bytes")
        if any(member.filename.startswith("net/") for member in members):
            raise ValueError("a file of a run: give the run's folder")
        for member in members:
            with archive.open(member) as file:  # no more than the declared size, which read() alone might exceed
                shape, by_columns, dtype, raw = read_array(io.BytesIO(file.read(member.file_size)))
            if dtype.hasobject or min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(raw):
                raise ValueError(f"{member.filename} declares {dtype} {shape}, but contains {len(raw):,} bytes")
            array = np.frombuffer(raw, dtype).reshape(shape, order="F" if by_columns else "C")
            yield member.filename.removesuffix(".npy"), array


def read_npy(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Read the arrays of a pickled dictionary of layers."""
    with path.open("rb") as file:
        shape, _, dtype, raw = read_array(file)
    if shape != () or dtype != np.dtype(object):
        raise ValueError(f"one array of {dtype} {shape}, not a dictionary of layers")
    for layer, entry in read_pickle(raw, str(path)).items():
        if not isinstance(entry, list | dict):
            raise ValueError(f"{decoded(layer)} is of {type(entry).__name__}, not [W, b]")
        for key, array in enumerate(entry) if isinstance(entry, list) else entry.items():
            yield f"{decoded(layer)}/{decoded(key)}", array


def read_array(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype, bytes]:
    """Return an .npy file's shape, whether it is stored by columns, its dtype, and the bytes after its header."""
    version = npy.read_magic(file)
    if version not in HEADERS:
        raise ValueError(f"an array in version {version} of its format")
    shape, by_columns, dtype = HEADERS[version](file)
    return shape, by_columns, dtype, file.read()


def decoded(name) -> str:
    """Return the name of a layer or an array as text: Python 2 pickled it as bytes."""
    return name.decode("latin1") if isinstance(name, bytes) else str(name)

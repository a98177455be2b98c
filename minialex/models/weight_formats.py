"""The three formats of weight files that are read, each by a generator of (name, array).

A `.safetensors` file is a table of names, shapes and offsets, followed by the values. An `.npz` file is a zip archive
of arrays. An `.npy` file from the years of Caffe holds a pickled dictionary, and a pickle is a program:
`files/plain_pickle.py` reads it without running anything. The sizes that a file declares are compared with its length
before memory is allocated for them.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors import deserialize

from minialex.files import plain_npz
from minialex.files.plain_pickle import read_pickle

LARGEST = 2**31  # bytes of a file, and of its arrays when unpacked; AlexNet has 0.24 billion
FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}  # safetensors' names, and NumPy's for the bytes


def read_safetensors(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    for name, entry in deserialize(path.read_bytes()):
        if entry["dtype"] not in FLOATS:
            raise ValueError(f"{name} is of {entry['dtype']}, not of floats")
        array = np.frombuffer(entry["data"], FLOATS[entry["dtype"]]).reshape(entry["shape"])
        if entry["dtype"] == "BF16":  # the upper half of a float32
            array = (array.astype(np.uint32) << 16).view(np.float32)
        yield name, array


def read_npz(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    for name, array in plain_npz.read_npz(path, most=LARGEST):
        if name.startswith("net/"):
            raise ValueError("a file of a run: give the run's folder")
        yield name, array


def read_npy(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Read the arrays of a pickled dictionary of layers."""
    with path.open("rb") as file:
        shape, _, dtype = plain_npz.read_header(file)
        if shape != () or dtype != np.dtype(object):
            raise ValueError(f"one array of {dtype} {shape}, not a dictionary of layers")
        raw = file.read()
    for layer, entry in read_pickle(raw, str(path)).items():
        if not isinstance(entry, list | dict):
            raise ValueError(f"{decoded(layer)} is of {type(entry).__name__}, not [W, b]")
        for key, array in enumerate(entry) if isinstance(entry, list) else entry.items():
            yield f"{decoded(layer)}/{decoded(key)}", array


def decoded(name) -> str:
    """Return the name of a layer or an array as text: Python 2 pickled it as bytes."""
    return name.decode("latin1") if isinstance(name, bytes) else str(name)

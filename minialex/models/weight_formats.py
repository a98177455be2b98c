"""The three formats of weight files that are read, each by a generator of (name, array).

A `.safetensors` file is a table of names, shapes and offsets, followed by the values. An `.npz` file is a zip archive
of arrays. An `.npy` file from the years of Caffe holds a pickled dictionary, and a pickle is a program:
`files/plain_pickle.py` reads it without running anything. The sizes that a file declares are compared with its length
before memory is allocated for them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np
from safetensors import deserialize
from safetensors.numpy import save

from minialex.files import plain_npz
from minialex.files.plain_pickle import read_pickle

DIGEST = "blake2b"  # the name of the digest in the header
HEADER = 2**24  # bytes of a header, at most
LARGEST = 2**31  # bytes of a file, and of its arrays when unpacked; AlexNet has 0.24 billion
FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}  # safetensors' names, and NumPy's for the bytes


def write_safetensors(file: IO[bytes], state: dict[str, np.ndarray]) -> None:
    """Write arrays with their digest, since the format has no checksum; other readers ignore it."""
    little = {name: np.array(value, copy=None).dtype.newbyteorder("<") for name, value in state.items()}
    arrays = {name: np.ascontiguousarray(value, little[name]) for name, value in state.items()}
    file.write(save(arrays, metadata={DIGEST: digest_of(arrays)}))


def digest_of(arrays: Mapping[str, np.ndarray]) -> str:
    """Return a hash of names, dtypes, shapes and bytes, in the order of the names."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name}\0{array.dtype.str} {array.shape}\0".encode())
        digest.update(array.data)
    return digest.hexdigest()


def read_safetensors(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Read the arrays; those of a file with a digest only if it is theirs."""
    raw = path.read_bytes()
    wanted, arrays = metadata_of(raw).get(DIGEST), dict(entries(raw))
    del raw  # the arrays have bytes of their own
    if wanted is not None and digest_of(arrays) != wanted:
        raise ValueError("one whose digest is not that of its arrays")
    yield from arrays.items()


def metadata_of(raw: bytes) -> dict:
    """Return the texts in the header of a file: its length, eight bytes, then JSON."""
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + min(length, HEADER)])
    return header.get("__metadata__") or {}


def entries(raw: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays of a file."""
    for name, entry in deserialize(raw):
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

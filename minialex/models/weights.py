"""Files of weights, ours and other people's: arrays by their names, in and out.

Three kinds are read. A `.safetensors` file is a table of names, shapes and places, then the numbers. An `.npz` file is
a zip archive of arrays. An `.npy` file from the years of Caffe holds a pickled dictionary, and a pickle is a program:
`data/plain_pickle.py` reads it without running anything. What a file says of its arrays' sizes is compared with what
it holds before memory is taken for them.
"""

import io
import math
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from safetensors import deserialize
from safetensors.numpy import save

from minialex.files.atomic import whole_file
from minialex.files.plain_pickle import read_pickle

LARGEST = 2**31  # bytes of a file, and of what it holds when it is unpacked; AlexNet has 0.24 billion
NAMES = 1000  # arrays of a file; AlexNet has 16
FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}  # safetensors' names, and what the bytes are read as


def read_weights(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """The arrays in a file of weights, by the names that they have there, as float32.

    In the dictionary of an .npy file, an entry [W, b] becomes "conv1/0" and "conv1/1", and an entry
    {"weights": W, "biases": b} becomes "conv1/weights" and "conv1/biases".

    Args:   path, a .safetensors, .npz or .npy file; halves (float16, bfloat16) and doubles are converted.
    Errors: FileNotFoundError if there is none; ValueError, in one line that names the file, for other kinds of files
            and for damaged or hostile ones, none of whose code is run.
    """
    path = Path(path)
    if path.suffix not in READERS:
        raise ValueError(f"{path}: expected a file {', '.join(READERS)}, got {path.suffix or 'no suffix'}; {ADVICE}")
    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected a file of weights, got a path where there is none; check it")
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"one of more than {LARGEST:,} bytes")
        return within_limits(READERS[path.suffix](path))
    except Exception as error:  # damaged files raise all kinds: SafetensorError, BadZipFile, SyntaxError, ...
        reason = " ".join(str(error).removeprefix(f"{path}: ").split()) or type(error).__name__
        raise ValueError(f"{path}: expected a file of weights, got one that is none, or damaged ({reason})") from error


ADVICE = "in PyTorch, safetensors.torch.save_file(net.state_dict(), NAME) makes one"


def within_limits(found: Iterable[tuple[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The arrays as float32; a file that holds one array under a million names is refused."""
    arrays: dict[str, np.ndarray] = {}
    total = 0
    for name, array in found:
        arrays[name] = as_float32(name, array)
        total += arrays[name].nbytes
        if total > LARGEST or len(arrays) > NAMES:
            raise ValueError(f"one of more than {NAMES} arrays or {LARGEST:,} bytes")
    return arrays


def as_float32(name: str, array: np.ndarray) -> np.ndarray:
    if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
        came = f"{array.dtype}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"{name} is of {came}, not of floats")
    with np.errstate(over="ignore"):  # doubles too large become infinite
        return np.ascontiguousarray(array, dtype=np.float32)


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
            with archive.open(member) as file:  # and no more than was said above, which read() alone might unpack
                shape, by_columns, dtype, raw = read_array(io.BytesIO(file.read(member.file_size)))
            if dtype.hasobject or min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(raw):
                raise ValueError(f"{member.filename} says {dtype} {shape}, and holds {len(raw):,} bytes")
            array = np.frombuffer(raw, dtype).reshape(shape, order="F" if by_columns else "C")
            yield member.filename.removesuffix(".npy"), array


def read_npy(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """The arrays of a pickled dictionary of layers."""
    with path.open("rb") as file:
        shape, _, dtype, raw = read_array(file)
    if shape != () or dtype != np.dtype(object):
        raise ValueError(f"one array of {dtype} {shape}, not a dictionary of layers")
    for layer, entry in read_pickle(raw, str(path)).items():
        if not isinstance(entry, list | dict):
            raise ValueError(f"{as_text(layer)} is of {type(entry).__name__}, not [W, b]")
        for key, array in enumerate(entry) if isinstance(entry, list) else entry.items():
            yield f"{as_text(layer)}/{as_text(key)}", array


def read_array(file) -> tuple[tuple[int, ...], bool, np.dtype, bytes]:
    """An .npy file's shape, whether it is stored by columns, its dtype, and all that follows its header."""
    version = npy.read_magic(file)
    if version not in HEADERS:
        raise ValueError(f"an array in version {version} of its format")
    shape, by_columns, dtype = HEADERS[version](file)
    return shape, by_columns, dtype, file.read()


def as_text(name) -> str:
    return name.decode("latin1") if isinstance(name, bytes) else str(name)


HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
READERS = {".safetensors": read_safetensors, ".npz": read_npz, ".npy": read_npy}


def write_weights(path: str | os.PathLike, state: dict[str, np.ndarray]) -> None:
    """Writes `net.state()`, whole or not at all, as .npz or .safetensors by the suffix of `path`.

    PyTorch opens the one with numpy.load, the other with safetensors.torch.load_file.

    Errors: ValueError for another suffix; FileNotFoundError if the folder does not exist.
    """
    path = Path(path)
    if path.suffix not in (".npz", ".safetensors"):
        raise ValueError(
            f"{path}: expected a name in .npz or .safetensors, got {path.suffix or 'no suffix'}; change it"
        )
    with whole_file(path) as file:
        if path.suffix == ".npz":
            np.savez(file, **state)  # type: ignore[arg-type]
        else:
            file.write(save({name: np.ascontiguousarray(value) for name, value in state.items()}))

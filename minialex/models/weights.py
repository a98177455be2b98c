"""Files of weights, ours and other people's: arrays by their names, read and written."""

import os
from collections.abc import Iterable

import numpy as np

from minialex.checks import check_kinds, expected
from minialex.files.atomic import whole_file
from minialex.files.paths import as_path
from minialex.models.weight_formats import LARGEST, read_npy, read_npz, read_safetensors, write_safetensors

NAMES = 1000  # arrays of a file, at most; AlexNet has 16
READERS = {".safetensors": read_safetensors, ".npz": read_npz, ".npy": read_npy}
ADVICE = "in PyTorch, safetensors.torch.save_file(net.state_dict(), NAME) makes one"


def read_weights(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Return the arrays in a file of weights, under the names that they have there, as float32.

    In the dictionary of an .npy file, an entry [W, b] becomes "conv1/0" and "conv1/1", and an entry
    {"weights": W, "biases": b} becomes "conv1/weights" and "conv1/biases".

    Args:   path, a .safetensors, .npz or .npy file; halves (float16, bfloat16) and doubles are converted.
    Errors: FileNotFoundError if there is none; ValueError, in one line that names the file, for other kinds of files
            and for damaged or malicious ones, none of whose code is run.
    """
    path = as_path("read_weights", path)
    if path.suffix not in READERS:
        raise expected(path, f"a file {', '.join(READERS)}", path.suffix or "no suffix", ADVICE)
    if not path.is_file():
        raise expected(path, "a file of weights", "a path that does not exist", "check it", FileNotFoundError)
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"one of more than {LARGEST:,} bytes")
        return within_limits(READERS[path.suffix](path))
    except Exception as error:  # damaged files raise all kinds: SafetensorError, BadZipFile, SyntaxError, ...
        reason = " ".join(str(error).removeprefix(f"{path}: ").split())[:300] or type(error).__name__
        raise ValueError(f"{path}: expected a file of weights, got a different or damaged one ({reason})") from error


def within_limits(entries: Iterable[tuple[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the arrays as float32; refuse a file that contains one array under a million names."""
    arrays: dict[str, np.ndarray] = {}
    total = 0
    for name, array in entries:
        arrays[name] = as_float32(name, array)
        total += arrays[name].nbytes
        if total > LARGEST or len(arrays) > NAMES:
            raise ValueError(f"one of more than {NAMES} arrays or {LARGEST:,} bytes")
    return arrays


def as_float32(name: str, array: np.ndarray) -> np.ndarray:
    if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
        kind = f"{array.dtype}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"{name} is of {kind}, not of floats")
    with np.errstate(over="ignore"):  # doubles too large become infinite
        return np.ascontiguousarray(array, dtype=np.float32)


def write_weights(path: str | os.PathLike, state: dict[str, np.ndarray]) -> None:
    """Write `net.state()`, whole or not at all, as .npz or .safetensors by the suffix of `path`.

    PyTorch opens the one with numpy.load, the other with safetensors.torch.load_file.

    Errors: ValueError for another suffix; FileNotFoundError if the folder does not exist.
    """
    path = as_path("write_weights", path)
    check_kinds("write_weights", dict, "pass net.state()", state=state)
    if path.suffix not in (".npz", ".safetensors"):
        raise expected(path, "a name in .npz or .safetensors", path.suffix or "no suffix", "change it")
    with whole_file(path) as file:
        if path.suffix == ".npz":
            np.savez(file, **state)  # type: ignore[arg-type]
        else:
            write_safetensors(file, state)

"""Untrusted pickles, read safely.

A pickle is a program: it names functions, which the unpickler calls. Here it may name only the five that a pickled
array needs, and they are replaced by functions and classes of this file: numpy's own do not check sizes.
"""

import io
import math
import pickle
import pickletools
from collections.abc import Callable
from typing import Any

import numpy as np

from minialex.checks import expected, is_integer
from minialex.files.pickle_keys import Keys

STEPS = 2**18  # instructions of a pickle, each looked at; those of CIFAR-10 have 90,000
AXES, LENGTH = 32, 2**40  # of an array, at most
BITS = 1024  # of an integer, at most: Python refuses to print one of 14,000


def read_pickle(raw: bytes, name: str) -> dict:
    """Read the dictionary in a pickle, also of Python 2 (whose strings become bytes), if it is plain.

    Plain: numbers, strings, bytes, containers, and arrays of numbers. A dictionary in an array without axes, as
    numpy.save writes it, is taken out of the array.

    Args:   raw, the file's bytes; name, of the file, for errors.
    Errors: ValueError if the pickle names anything else, is broken or contains no dictionary.
    """
    try:
        check_steps(raw)
        value = with_arrays(PlainUnpickler(io.BytesIO(raw), encoding="bytes").load(), set())
        if not isinstance(value, dict):
            raise ValueError(f"a {type(value).__name__}")
        return value
    except Exception as error:  # a broken pickle raises all kinds: UnpicklingError, EOFError, IndexError, ...
        what, got = "a pickled dictionary of plain numbers, strings and arrays", str(error) or type(error).__name__
        raise expected(name, what, got, "use the official files") from error


def check_steps(raw: bytes) -> None:
    """Check a pickle's instructions, without executing them, for those that would use much memory or time.

    A pickle refers to earlier objects by their index in a memo, and Python allocates all indices up to the highest: a
    file of nine bytes can allocate 64 GB. In valid pickles the indices count up. Of keys, see `pickle_keys.py`.
    """
    keys = Keys()
    for step, (opcode, argument, _) in enumerate(pickletools.genops(raw)):
        if step >= STEPS:
            raise ValueError(f"one of more than {STEPS:,} instructions")
        if opcode.name in ("PUT", "BINPUT", "LONG_BINPUT") and argument not in range(STEPS):
            raise ValueError(f"one with an object of index {argument}")
        if isinstance(argument, int) and argument.bit_length() > BITS:
            raise ValueError(f"one with an integer of more than {BITS:,} bits")
        keys.follow(opcode, argument)


def with_arrays(value, seen: set[int]):
    """Replace each PlainArray by its array, in lists and dictionaries too.

    Each container is visited once: a pickle can contain one a thousand times, or in itself.
    """
    if isinstance(value, PlainArray):
        return with_arrays(value.array, seen)
    if isinstance(value, list | dict) and id(value) not in seen:
        seen.add(id(value))
        for key, inner in enumerate(value) if isinstance(value, list) else value.items():
            value[key] = with_arrays(inner, seen)
    return value


class PlainDtype:
    """A replacement of numpy.dtype: numbers, or objects (of which an array may contain one)."""

    def __init__(self, code, align=False, copy=False):
        if not isinstance(code, str | bytes):  # NumPy would read a tuple of tuples, and print it
            raise ValueError("an array of another dtype than numbers")
        self.dtype = np.dtype(as_str(code))
        if self.dtype.kind not in "biufO":
            raise ValueError(f"an array of dtype {self.dtype}, which could contain any object")

    def __setstate__(self, state):
        order = as_str(state[1])  # (version, byte order, fields of other dtypes ...)
        if order in ("<", ">"):
            self.dtype = np.dtype(order + self.dtype.str[1:])


class PlainArray:
    """A replacement of numpy.ndarray, made from its bytes, whose number must fit its shape."""

    array: Any

    def __setstate__(self, state):
        _, shape, kind, by_columns, raw = state
        if not is_shape(shape):  # not to be printed: it may contain itself many times
            raise ValueError("an array of no valid shape")
        if isinstance(kind, PlainDtype) and kind.dtype.kind == "O":
            if shape != () or not isinstance(raw, list):
                raise ValueError(f"an array of dtype object, of shape {shape}")
            (self.array,) = raw  # its one element
            return
        if not isinstance(kind, PlainDtype) or len(raw) != math.prod(shape) * kind.dtype.itemsize:
            raise ValueError(f"an array of shape {shape} with other bytes than that")
        self.array = np.frombuffer(raw, kind.dtype).reshape(shape, order="F" if by_columns else "C")


def is_shape(shape) -> bool:
    """Tell whether this is the shape of an array."""
    small = isinstance(shape, tuple) and len(shape) <= AXES
    return small and all(is_integer(length, 0) and length < LENGTH for length in shape)


def reconstruct(kind, shape, code) -> PlainArray:
    """Replace numpy's function of this name: return an empty array, whose state is set by the next instruction."""
    return PlainArray()


def encode(text: str, encoding: str) -> bytes:
    """Replace codecs.encode, which Python 3 names in protocol 2 to write bytes."""
    if encoding != "latin1":
        raise ValueError(f"bytes encoded as {encoding}")
    return text.encode("latin1")


ALLOWED: dict[tuple[str, str], Callable] = {
    ("numpy.core.multiarray", "_reconstruct"): reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): reconstruct,  # as numpy 2 calls the module
    ("numpy", "ndarray"): PlainArray,
    ("numpy", "dtype"): PlainDtype,
    ("_codecs", "encode"): encode,
}


class PlainUnpickler(pickle.Unpickler):
    """An unpickler that finds only the allowed names."""

    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise ValueError(f"one that names {module}.{name}")
        replacement = ALLOWED[module, name]
        return lambda *args: replacement(*args)  # a new one each time: a pickle can set attributes of what it got


def as_str(code: str | bytes) -> str:
    """Return a string that Python 2 may have written as bytes."""
    return code.decode("ascii") if isinstance(code, bytes) else code

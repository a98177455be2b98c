"""Pickles from elsewhere, read without trusting them.

A pickle is a program: it names functions and has them called. Here it may name the five things that a pickled array
needs, and gets stand-ins of our own for them: numpy's would believe whatever the file says about its memory.
"""

import io
import math
import pickle
import pickletools
from collections.abc import Callable
from typing import Any

import numpy as np

STEPS = 2**20  # instructions of a pickle; those of CIFAR-10 have 90,000


def read_pickle(raw: bytes, name: str) -> dict:
    """The dictionary in a pickle, also of Python 2 (whose texts become bytes), if it is plain.

    Plain: numbers, texts, bytes, containers, and arrays of numbers. A dictionary in an array without axes, which is
    how numpy.save keeps one, is taken out of it.

    Args:   raw, the file's bytes; name, the file's, for errors.
    Errors: ValueError if the pickle asks for anything else, is broken or holds no dictionary.
    """
    try:
        check_steps(raw)
        found = with_arrays(PlainUnpickler(io.BytesIO(raw), encoding="bytes").load(), set())
        if not isinstance(found, dict):
            raise ValueError(f"a {type(found).__name__}")
        return found
    except Exception as error:  # a broken pickle raises all kinds: UnpicklingError, EOFError, IndexError, ...
        came = str(error) or type(error).__name__
        raise ValueError(
            f"{name}: expected a pickled dictionary of plain numbers, texts and arrays, got {came}; "
            "use the official files"
        ) from error


def check_steps(raw: bytes) -> None:
    """Looks through a pickle's instructions, without following them, for what would make Python take much memory.

    What a pickle refers to again has a number, and Python makes room for all numbers up to the highest: a file of
    nine bytes can ask for 64 GB. Honest numbers count up.
    """
    for step, (opcode, argument, _) in enumerate(pickletools.genops(raw)):
        if step >= STEPS:
            raise ValueError(f"one of more than {STEPS:,} instructions")
        if opcode.name in ("PUT", "BINPUT", "LONG_BINPUT") and argument not in range(STEPS):
            raise ValueError(f"one that numbers a thing {argument}")


def with_arrays(value, seen: set[int]):
    """The value with arrays in place of what stood in for them, in lists and dictionaries too.

    Each container is gone through once: a pickle can hold one a thousand times, or in itself.
    """
    if isinstance(value, PlainArray):
        return with_arrays(value.array, seen)
    if isinstance(value, list | dict) and id(value) not in seen:
        seen.add(id(value))
        for key, inner in enumerate(value) if isinstance(value, list) else value.items():
            value[key] = with_arrays(inner, seen)
    return value


class PlainDtype:
    """Stands in for numpy.dtype: numbers, or objects (of which an array may hold one)."""

    def __init__(self, code, align=False, copy=False):
        self.dtype = np.dtype(as_text(code))
        if self.dtype.kind not in "biufO":
            raise ValueError(f"an array of dtype {self.dtype}, which could hold any object")

    def __setstate__(self, state):
        order = as_text(state[1])  # (version, byte order, and what only other dtypes need)
        if order in ("<", ">"):
            self.dtype = np.dtype(order + self.dtype.str[1:])


class PlainArray:
    """Stands in for numpy.ndarray: rebuilt from its bytes, which must be as many as its shape says."""

    array: Any

    def __setstate__(self, state):
        _, shape, kind, by_columns, raw = state
        if isinstance(kind, PlainDtype) and kind.dtype.kind == "O":
            if shape != () or not isinstance(raw, list):
                raise ValueError(f"an array of dtype object, of shape {shape}")
            (self.array,) = raw  # the one thing that is in it
            return
        if not isinstance(kind, PlainDtype) or len(raw) != math.prod(shape) * kind.dtype.itemsize:
            raise ValueError(f"an array of shape {shape} with other bytes than that")
        self.array = np.frombuffer(raw, kind.dtype).reshape(shape, order="F" if by_columns else "C")


def reconstruct(kind, shape, code) -> PlainArray:
    """Stands in for numpy's own function of this name, which makes the array that a state is then given to."""
    return PlainArray()


def encode(text: str, encoding: str) -> bytes:
    """Stands in for codecs.encode, by which Python 3 writes bytes into the pickles of Python 2."""
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
    """An unpickler that finds nothing but what is allowed."""

    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise ValueError(f"one that asks for {module}.{name}")
        stand_in = ALLOWED[module, name]
        return lambda *args: stand_in(*args)  # a new one each time: a pickle can set attributes of what it found


def as_text(code: str | bytes) -> str:
    """What Python 2 wrote as bytes, as text."""
    return code.decode("ascii") if isinstance(code, bytes) else code

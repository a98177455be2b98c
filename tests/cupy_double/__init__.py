"""A double of CuPy, made of NumPy arrays and stricter than CuPy: GPU code runs, counted and watched, without a GPU.

    monkeypatch.setitem(sys.modules, "cupy", cupy_double)        or PYTHONPATH=tests/cupy_double/as_cupy

As in CuPy: a new array is on the current device and stream; its memory goes back to the stream that it came from;
outputs are C-contiguous; an array in main memory is no operand; streams wait for each other through the null stream
and events only. Each was read in CuPy 14.2.0, in the file that is named beside it. Stricter: arrays of two GPUs never
mix, `empty` is poison, and

    races       each use of memory that waits neither for an earlier write nor, before a write, for earlier reads
    counting()  the kernels, their bytes, the transfers and the waits of the host inside a `with`

What it cannot show: times, a GPU's own rounding, and whatever CuPy does that was read wrongly.
"""

import numpy as np

from cupy_double import cuda, functions, transfers, ufuncs
from cupy_double.arrays import ndarray
from cupy_double.counts import counting
from cupy_double.current import GPUS
from cupy_double.functions import broadcast_to, empty, matrix_transpose, permute_dims, reshape
from cupy_double.order import races
from cupy_double.raw import RawKernel, lib
from cupy_double.transfers import array, asarray, ascontiguousarray, astype
from cupy_double.ufuncs import where

__all__ = [
    "RawKernel",
    "array",
    "asarray",
    "ascontiguousarray",
    "astype",
    "broadcast_to",
    "counting",
    "cuda",
    "empty",
    "lib",
    "matrix_transpose",
    "ndarray",
    "permute_dims",
    "races",
    "reshape",
    "where",
]  # fmt: skip
__version__ = "14.2.0"  # of which it is the double

inf, newaxis, float32, float64, int64 = np.inf, np.newaxis, np.float32, np.float64, np.int64
stack, concatenate = functions.joined("stack"), functions.joined("concatenate")
concat, transpose, copyto = concatenate, permute_dims, transfers.copy_into
for _name in ("arange", "eye", "full", "linspace", "ones", "zeros"):
    globals()[_name] = functions.maker(_name)
for _name in (
    "absolute", "add", "divide", "exp", "isfinite", "isnan", "log", "logical_and", "maximum", "minimum", "multiply",
    "negative", "positive", "sign", "sqrt", "square", "subtract", "tanh",
):  # fmt: skip
    globals()[_name] = ufuncs.ufunc(_name)
for _name in ("all", "any", "argmax", "max", "mean", "min", "sum", "var"):
    globals()[_name] = ufuncs.reduction(_name)


def ones_like(x, dtype=None):
    return globals()["ones"](x.shape, dtype=dtype or x.dtype)


def zeros_like(x, dtype=None):
    return globals()["zeros"](x.shape, dtype=dtype or x.dtype)


def is_available():
    return GPUS > 0


def get_default_memory_pool():
    return cuda.MemoryPool()

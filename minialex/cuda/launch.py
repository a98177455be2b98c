"""Launching kernels: one thread for each element of the output, arguments of the types that the kernel declares."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from minialex.checks import expected
from minialex.devices import Device

WARP, THREADS = 32, 128  # in a block; 128 is the paper's batch: rows of whole images leave no thread idle
GRID = 65_535  # blocks along y and z at most, on every GPU
REALS = {"float32": "float", "float64": "double"}  # names of dtypes are for errors: to make one takes microseconds
TYPES = {"int": np.int32, "long long": np.int64}
ARRAYS = {"unsigned char*": np.dtype("uint8"), "bool*": np.dtype("bool")}


@cache
def source() -> str:
    """Return the text of `kernels.cu`."""
    return Path(__file__).with_name("kernels.cu").read_text(encoding="utf-8")


def options(dtype: np.dtype) -> tuple[str, ...]:
    """Return the options that compile the kernels for float32 or float64."""
    return ("-std=c++17", f"-DREAL={REALS[dtype.name]}")


@cache
def parameters() -> dict[str, list[str]]:
    """Return the types of the parameters of each kernel: "real*", "unsigned char*", "int", ..."""
    code = re.sub(r"//.*", "", source())
    found = re.findall(r'extern "C" __global__ void (\w+)\((.*?)\)', code, flags=re.S)
    return {
        name: [re.sub(r"const | ?\w+$", "", one.strip()) for one in declared.split(",")] for name, declared in found
    }


@cache
def compiled(xp: Any, name: str, dtype: np.dtype) -> Any:
    """Return a kernel; CuPy compiles it at its first launch on a GPU, and keeps it on disk for the next process."""
    return xp.RawKernel(source(), name, options(dtype))


def array_module(device: Device) -> Any:
    """Return CuPy.

    Errors: RuntimeError for a device that is no GPU.
    """
    if not hasattr(device.xp, "RawKernel"):
        advice = "move the net with net.to(Cuda()), or build it with kit=None for the layers of its device"
        raise expected("minialex.cuda", "a layer on a Cuda device", f"one on {device}", advice, RuntimeError)
    return device.xp


def launch(device: Device, name: str, grid: tuple[int, int, int], *arguments: Any) -> None:
    """Launch a kernel on the device's current stream; nothing waits for its end.

    Args:   grid, the elements of the output: (rows, channels, elements of a row), or (1, 1, size) for any array;
            arguments, arrays and numbers in the order of the kernel, the first of them an array of floats.
    Errors: TypeError for an array of another dtype than the first; ValueError for a grid that is too large.
    """
    dtype, (rows, channels, row) = arguments[0].dtype, grid
    if max(rows, channels) > GRID:
        raise expected(name, f"maps of at most {GRID} rows and channels", grid, "use smaller maps, or kit=layers")
    typed = [typed_as(name, kind, value, dtype) for kind, value in zip(parameters()[name], arguments, strict=True)]
    threads = min(THREADS, -(-row // WARP) * WARP)
    compiled(array_module(device), name, dtype)((-(-row // threads), channels, rows), (threads, 1, 1), tuple(typed))


def typed_as(name: str, kind: str, value: Any, dtype: np.dtype) -> Any:
    """Return an argument as the kernel declares it: a kernel reads bytes, and would misread those of another type."""
    if not kind.endswith("*"):
        return dtype.type(value) if kind == "real" else TYPES[kind](value)
    wanted = ARRAYS.get(kind, dtype)
    if value.dtype != wanted:
        raise expected(name, f"an array of {wanted}", value.dtype, f'convert with x.astype("{wanted}")', TypeError)
    return value

"""A device on which the CUDA kit runs without a GPU: NumPy's memory, kernels by the C++ compiler, a double of cuBLAS.

Its arrays have what the kit uses of CuPy's. New ones are poisoned (nan, or 99 for bytes) and have a margin of poison on
both sides, so that an element that no thread writes, and a read beyond an array, show in the result; a write beyond it
is an error. Everything that would be a launch on a GPU is listed by name in `device.launches`.

This is for the arithmetic of the kit alone: of the order between streams and devices it knows nothing.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from cublas_double import HANDLE, Cublas
from kernels_on_cpu import COMPILER, RawKernel

from minialex import Device, cuda

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler (g++, c++, clang++ or $CXX) is installed")
MARGIN = 64  # elements
POISON = 99  # of bytes; floats are nan
LAUNCHES: list[str] = []


class Array(np.ndarray):
    """NumPy's array with the address where CuPy has it, which lists what would be launched."""

    memory = None  # with its margins

    def __array_finalize__(self, parent):
        self.memory = getattr(parent, "memory", None)

    @property
    def data(self):
        return SimpleNamespace(ptr=self.ctypes.data)

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **settings):
        LAUNCHES.append(ufunc.__name__)
        plain = [x.view(np.ndarray) if isinstance(x, Array) else x for x in inputs]
        settings |= {"out": tuple(x.view(np.ndarray) for x in out)} if out else {}
        return wrapped(getattr(ufunc, method)(*plain, **settings))

    def __setitem__(self, key, value):
        LAUNCHES.append("copy")
        self.view(np.ndarray)[key] = value

    def astype(self, dtype, copy=True, **settings):
        if copy or self.dtype != dtype:
            LAUNCHES.append("astype")
        return wrapped(self.view(np.ndarray).astype(dtype, copy=copy, **settings))

    def reshape(self, *shape, **settings):
        reshaped = self.view(np.ndarray).reshape(*shape, **settings)
        if not np.may_share_memory(reshaped, self):
            LAUNCHES.append("copy")
            return wrapped(reshaped)
        return super().reshape(*shape, **settings)


def wrapped(value):
    return value.view(Array) if isinstance(value, np.ndarray) else value


def poisoned(shape, dtype) -> Array:
    """Return a new array of nan, or of 99 for bytes, with margins of the same."""
    size, dtype = int(np.prod(shape)), np.dtype(dtype)
    memory = np.full(size + 2 * MARGIN, np.nan if dtype.kind == "f" else POISON, dtype)
    array = memory[MARGIN : MARGIN + size].reshape(shape).view(Array)
    array.memory = memory
    return array


def given(x):
    """Return a test's array as one of the device, its order in memory kept."""
    if type(x) is not np.ndarray or x.dtype.kind not in "fb":
        return x
    like = np.empty_like(x)
    if like.strides != x.strides:  # with gaps between elements: as it is
        return x.view(Array)
    array = np.lib.stride_tricks.as_strided(poisoned((x.size,), x.dtype), x.shape, x.strides, subok=True)
    np.copyto(array.view(np.ndarray), x)
    return array


def check_margins(arrays) -> None:
    for array in arrays:
        memory = getattr(array, "memory", None)
        if memory is not None:
            ends = np.concatenate([memory[:MARGIN], memory[-MARGIN:]])
            kept = np.isnan(ends) if memory.dtype.kind == "f" else ends == memory.dtype.type(POISON)
            assert kept.all(), "a write beyond an array"


class Kernel(RawKernel):
    """A kernel that is listed, and checked for writes beyond its arrays."""

    def __call__(self, grid, block, arguments):
        LAUNCHES.append(self.name)
        super().__call__(grid, block, arguments)
        check_margins(arguments)


class ListedCublas(Cublas):
    """A double of cuBLAS that is listed."""

    def gemmStridedBatchedEx(self, *arguments):
        LAUNCHES.append("product")
        super().gemmStridedBatchedEx(*arguments)


class Module:
    """What the kit and the textbook use of the module cupy."""

    RawKernel = Kernel
    lib = SimpleNamespace(
        stride_tricks=SimpleNamespace(
            as_strided=lambda x, shape, strides: np.lib.stride_tricks.as_strided(x, shape, strides, subok=True)
        )
    )

    def __init__(self):
        self.cuda = SimpleNamespace(cublas=ListedCublas(), get_cublas_handle=lambda: HANDLE)

    def empty(self, shape, dtype="float32"):
        return poisoned(shape, dtype)

    def zeros(self, shape, dtype="float32"):
        LAUNCHES.append("fill")
        array = poisoned(shape, dtype)
        array.view(np.ndarray)[...] = 0
        return array

    def ascontiguousarray(self, x):
        if not x.flags.c_contiguous:
            LAUNCHES.append("copy")
        return wrapped(np.ascontiguousarray(x))

    def __getattr__(self, name):
        function = getattr(np, name)
        return (lambda *args, **settings: wrapped(function(*args, **settings))) if callable(function) else function


class OnCpu(Device):
    """The device."""

    launches = LAUNCHES

    def __init__(self, tf32: bool = False):
        self.xp, self.tf32 = Module(), tf32

    def put(self, x):
        return given(np.asarray(x).copy())

    def holds(self, x):
        return isinstance(x, Array)

    def __repr__(self):
        return "OnCpu()"


def on_device(layer_class: type, device: Device) -> type:
    """Return the layer made on the device, which takes the arrays of main memory that tests pass."""

    class OnDevice(layer_class):
        def __init__(self, *args, **settings):
            super().__init__(*args, **settings)
            self.to(device)

        def forward(self, *x):
            return super().forward(*map(given, x))

        def backward(self, *dy):
            return super().backward(*map(given, dy))

    OnDevice.__name__ = OnDevice.__qualname__ = layer_class.__name__
    return OnDevice


def kit_on(device: Device) -> SimpleNamespace:
    """Return the CUDA kit, made on the device."""
    return SimpleNamespace(**{name: on_device(getattr(cuda, name), device) for name in cuda.__all__})

"""`cupy.ndarray` of the double: a NumPy array, the memory that it is in, and operators that are kernels."""

from types import SimpleNamespace

import numpy as np

from cupy_double import counts, functions, transfers
from cupy_double.current import Device, current
from cupy_double.kernels import launch
from cupy_double.streams import current_stream


class Address(int):
    """Where an array begins in memory; it knows the array, for functions that are given addresses."""

    def __new__(cls, array):
        address = super().__new__(cls, array.values.ctypes.data)
        address.array = array
        return address


class ndarray:
    """An array on a GPU. A view has the memory of the array that it is of."""

    __array_priority__ = 100
    __array_ufunc__ = None  # NumPy's scalars leave the operator to this class
    __hash__ = None

    def __init__(self, values, memory):
        self.values, self.memory = values, memory

    shape = property(lambda self: self.values.shape)
    ndim = property(lambda self: self.values.ndim)
    size = property(lambda self: self.values.size)
    dtype = property(lambda self: self.values.dtype)
    itemsize = property(lambda self: self.values.itemsize)
    nbytes = property(lambda self: self.values.nbytes)
    strides = property(lambda self: self.values.strides)
    flags = property(lambda self: self.values.flags)
    T = property(lambda self: self.view_as(self.values.T))
    device = property(lambda self: Device(self.memory.gpu))
    data = property(lambda self: SimpleNamespace(ptr=Address(self), device_id=self.memory.gpu))

    def view_as(self, values):
        return ndarray(values, self.memory)

    # -- to main memory and back ------------------------------------------------------------------------------

    def get(self, stream=None, order="C", out=None, blocking=True):
        """Copy to main memory on the current stream and wait for it (cupy/_core/core.pyx: get)."""
        stream = stream or current_stream()
        with Device(self.memory.gpu):
            source = self
            if not self.flags.c_contiguous:
                with stream:
                    source = transfers.ascontiguousarray(self)
            counts.refuse_while_capturing(stream.line, "D2H transfers")
            source.memory.touch(stream.line.next(), "a copy to main memory", is_write=False)
            counts.transferred(self.nbytes, "to_host")
            counts.wait_for(stream.line)
        return np.array(self.values, order="C")

    def item(self):
        return self.get().item()

    def __array__(self, *args, **kwargs):
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()`")

    def __float__(self):
        return float(self.get())

    def __int__(self):
        return int(self.get())

    def __bool__(self):
        return bool(self.get())

    # -- parts, copies ----------------------------------------------------------------------------------------

    def __len__(self):
        return len(self.values)

    def __getitem__(self, key):
        parts = key if isinstance(key, tuple) else (key,)
        if any(isinstance(part, np.ndarray | ndarray | list) for part in parts):
            plain = tuple(transfers.plain(part) if isinstance(part, ndarray) else part for part in parts)
            return launch("take", [self, *transfers.on_gpu(parts)], lambda: self.values[plain])
        return self.view_as(self.values[key if any(part is ... for part in parts) else (*parts, ...)])

    def __setitem__(self, key, value):
        transfers.copy_into(self[key], value)

    def astype(self, dtype, order="K", copy=True):
        if not copy and self.dtype == dtype:
            return self
        return launch("copy", [self], lambda: self.values.astype(dtype, order="C"))

    def copy(self, order="C"):
        """Copy on the current device (cupy/_core/core.pyx: copy); order K, of `array`, packs nothing."""
        if self.memory.gpu == current.device:
            return self.astype(self.dtype)
        if not self.flags.forc:
            if order == "K":
                raise NotImplementedError("CuPy cannot copy non-contiguous array between devices.")
            with self.device:
                return transfers.between_gpus(transfers.ascontiguousarray(self))
        return transfers.between_gpus(self)

    def __deepcopy__(self, memo):
        with self.device:
            return self.copy()

    def reshape(self, *shape):
        return functions.reshape(self, shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape)

    def transpose(self, *axes):
        return self.view_as(self.values.transpose(*axes))

    def __matmul__(self, other):
        return functions.matmul(self, other)

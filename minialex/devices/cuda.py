"""Cuda: one GPU, through CuPy. This is the only file that imports CuPy."""

import threading
from contextlib import ExitStack
from functools import cached_property, partial
from importlib.util import find_spec
from types import ModuleType
from typing import Self

import numpy as np

from minialex.checks import expected, is_integer
from minialex.devices.device import Device
from minialex.devices.streams import copied, needs_copy, new_stream


class Cuda(Device):
    """GPU number `index`, computed on by CuPy.

    Args:   index; stream=True, a stream of its own: two such devices on one GPU compute concurrently; tf32=True lets
            the products of `minialex.cuda` round their factors to 11 bits, on tensor cores: faster, and less exact.
    Errors: RuntimeError where CuPy or the GPU is missing, with what to install or use.
    """

    def __init__(self, index: int = 0, *, stream: bool = False, tf32: bool = False):
        if not is_integer(index, least=0):
            raise expected("Cuda", "the number of a GPU (0, 1, ...)", repr(index), "change index")
        if not isinstance(tf32, bool):
            raise expected("Cuda", "tf32 to be True or False", repr(tf32), "change tf32")
        count = self._visible_gpus()
        if index >= count:
            raise RuntimeError(
                f"Cuda({index}): expected a CUDA GPU with that number, this machine has {count}; "
                + ("use a smaller number" if count else "use Host(), or a machine with an NVIDIA GPU and driver")
            )
        self.index, self.tf32, self._entered = index, tf32, threading.local()
        self.stream = new_stream(self) if stream else self.xp.cuda.Stream.null

    def __reduce__(self):
        return partial(Cuda, self.index, stream=self.stream is not self.xp.cuda.Stream.null), ()

    @staticmethod
    def _visible_gpus() -> int:
        if find_spec("cupy") is None:
            install = "pip install 'minialex[cuda13x]' (or cuda12x, to match the driver)"
            raise RuntimeError(f"Cuda: CuPy is not installed; {install}, or use Host()")
        import cupy

        return cupy.cuda.runtime.getDeviceCount() if cupy.is_available() else 0

    @cached_property
    def xp(self) -> ModuleType:  # type: ignore[override]
        import cupy

        return cupy

    def put(self, x):
        if not isinstance(x, self.xp.ndarray):
            with self:
                return self.xp.asarray(x)
        return copied(x, self) if needs_copy(x, self) else x

    def holds(self, x) -> bool:
        return isinstance(x, self.xp.ndarray) and x.device.id == self.index

    def release(self) -> None:
        with self:
            self.xp.get_default_memory_pool().free_all_blocks()

    def __enter__(self) -> Self:
        both = ExitStack()
        both.enter_context(self.xp.cuda.Device(self.index))
        both.enter_context(self.stream)
        self._entered.__dict__.setdefault("stack", []).append(both)  # each thread enters and leaves by itself
        return self

    def __exit__(self, *error) -> None:
        self._entered.stack.pop().close()

    def __repr__(self) -> str:
        return f"Cuda({self.index})"


def to_main_memory(x) -> np.ndarray:
    """Copy a CuPy array to main memory, after everything that its GPU's streams have begun."""
    import cupy

    return x.get(stream=cupy.cuda.Stream.null)

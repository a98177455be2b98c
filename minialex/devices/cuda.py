"""Cuda: one GPU, through CuPy. This is the only file that imports CuPy."""

import threading
from collections import defaultdict
from contextlib import ExitStack
from functools import cached_property
from importlib.util import find_spec
from types import ModuleType
from typing import ClassVar, Self
from weakref import finalize

import numpy as np

from minialex.checks import expected, is_integer
from minialex.devices.device import Device


class Cuda(Device):
    """GPU number `index`, computed on by CuPy.

    Of a GPU's streams, the null stream and any other wait for each other; two others only for the events of `put`.

    Args:   index; stream=True, a stream of its own: two such devices on one GPU compute concurrently.
    Errors: RuntimeError where CuPy or the GPU is missing, with what to install or use.
    """

    _streams: ClassVar[dict[int, list]] = defaultdict(list)  # by GPU: those of devices with a stream of their own

    def __init__(self, index: int = 0, *, stream: bool = False):
        if not is_integer(index, least=0):
            raise expected("Cuda", "the number of a GPU (0, 1, ...)", repr(index), "change index")
        count = self._visible_gpus()
        if index >= count:
            raise RuntimeError(
                f"Cuda({index}): expected a CUDA GPU with that number, this machine has {count}; "
                + ("use a smaller number" if count else "use Host(), or a machine with an NVIDIA GPU and driver")
            )
        self.index, self._entered = index, threading.local()
        self.stream = self._new_stream() if stream else self.xp.cuda.Stream.null

    def _new_stream(self):
        with self.xp.cuda.Device(self.index) as gpu:
            stream = self.xp.cuda.Stream()
        self._streams[self.index].append(stream)
        finalize(self, forget, stream, gpu, self._streams[self.index]).atexit = False
        return stream

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
        others = [stream for stream in self._streams[x.device.id] if stream is not self.stream]
        if x.device.id == self.index and not (others and self.stream in self._streams[self.index]):
            return x
        return self._copied(x, others or [self.xp.cuda.Stream.null])

    def _copied(self, x, senders: list):
        """Copy `x` of another GPU or stream in order: CuPy neither waits for the sender nor keeps its memory."""
        with x.device, self.xp.cuda.Stream.null:  # which waits for all senders
            if x.device.id != self.index:
                x = self.xp.ascontiguousarray(x)  # CuPy copies no other between GPUs
            sent = [stream.record() for stream in senders]
        with self:
            for event in sent:
                self.stream.wait_event(event)
            copy = self.xp.array(x, copy=True)
            arrived = self.stream.record()
        with x.device:
            for stream in senders:
                stream.wait_event(arrived)
        return copy

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


def forget(stream, gpu, streams: list) -> None:
    """Remove the stream of a device that is no longer used; what comes later on its GPU waits for what it has begun."""
    with gpu:
        type(stream).null.wait_event(stream.record())
    streams.remove(stream)

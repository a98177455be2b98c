"""Cuda: one GPU, through CuPy. This is the only file that imports CuPy."""

import threading
from contextlib import ExitStack
from functools import cached_property, partial
from importlib.util import find_spec
from types import ModuleType
from typing import ClassVar, Self

from minialex.checks import expected, is_integer
from minialex.devices.device import Device


class Cuda(Device):
    """GPU number `index`, computed on by CuPy.

    Args:   index; stream=True, a stream of its own: two such devices on one GPU compute concurrently.
    Errors: RuntimeError where CuPy or the GPU is missing, with what to install or use.
    """

    _streams: ClassVar[dict[int, list]] = {}  # by GPU: every stream that a device of this process computes on

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
        cuda = self.xp.cuda
        with cuda.Device(index):
            self.stream = cuda.Stream() if stream else cuda.Stream.null
        streams = self._streams.setdefault(index, [])
        if not any(self.stream is known for known in streams):
            streams.append(self.stream)

    def __reduce__(self):
        return partial(Cuda, self.index, stream=self.stream is not self.xp.cuda.Stream.null), ()

    @staticmethod
    def _visible_gpus() -> int:
        if find_spec("cupy") is None:
            raise RuntimeError(
                "Cuda: CuPy is not installed; pip install 'minialex[cuda13x]' (or cuda12x, to match the "
                "driver), or use Host()"
            )
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
        if x.device.id == self.index and self._streams[self.index] == [self.stream]:
            return x
        return self._copied(x)

    def _copied(self, x):
        """Copy `x` of another GPU or stream in order: CuPy neither waits for the sender nor keeps its memory."""
        senders = self._streams.get(x.device.id, [])
        with x.device:
            x = self.xp.ascontiguousarray(x)
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

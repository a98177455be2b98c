"""Devices: where arrays live, and the array module (`xp`) that computes there.

A layer knows one device and asks it for everything: `self.device.xp` to compute, `self.device.put(x)`
to bring an array there. This is the only file that imports CuPy.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from importlib.util import find_spec
from types import ModuleType
from typing import ClassVar

import numpy as np

from minialex.memory import Pool
from minialex.workers import Workers


class Device:
    """A place: put arrays there, work there (section 3.2: each GPU holds half of the net).

    Every device has `xp`, its array module, and may be entered: `with device:` makes it current.
    """

    xp: ModuleType

    @property
    def kit(self) -> ModuleType:
        """The layers that a model builder takes for this device unless told otherwise."""
        from minialex import layers  # late: layers are built on devices

        return layers

    def put(self, x):
        """The array `x`, from wherever it is, on this device. Nothing else moves arrays."""
        raise NotImplementedError

    def holds(self, x) -> bool:
        """Whether the array `x` is on this device."""
        return True

    def zeros(self, shape, dtype="float32"):
        """A new array of zeros on this device."""
        with self:
            return self.xp.zeros(shape, dtype=dtype)

    def empty(self, shape, dtype="float32"):
        """A new array on this device, its contents undefined."""
        with self:
            return self.xp.empty(shape, dtype=dtype)

    def share(self, work: Callable[[int, int], None], n: int) -> None:
        """Calls `work(start, stop)` on ranges that together are 0..n; here: on one range."""
        if n > 0:
            work(0, n)

    def release(self) -> None:
        """Gives the memory that is kept for reuse back to the system."""

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *error) -> None:
        pass

    def __deepcopy__(self, memo) -> Device:
        return self  # a copied layer stays where it was: a device is a place, not a value


class Host(Device):
    """Main memory, computed on by NumPy with `workers` threads.

    Args:   workers, threads that `share` deals work to (None: one for each core of the machine).
    Errors: ValueError unless workers is a positive whole number.
    """

    xp = np

    def __init__(self, *, workers: int | None = None):
        workers = available_cores() if workers is None else workers
        if not isinstance(workers, int) or workers < 1:
            raise ValueError(f"Host: expected workers to be a positive whole number, got {workers!r}")
        self._workers = Workers(workers)
        self._pool = Pool()

    @property
    def workers(self) -> int:
        return self._workers.count

    @property
    def kit(self) -> ModuleType:
        from minialex import fast  # late, as above

        return fast

    def put(self, x) -> np.ndarray:
        return np.asarray(x.get() if hasattr(x, "get") else x)  # `get` is how CuPy brings an array home

    def holds(self, x) -> bool:
        return isinstance(x, np.ndarray)

    def empty(self, shape, dtype="float32") -> np.ndarray:
        """A leased array: its memory goes back to a pool when its last view dies (see `memory.py`)."""
        return self._pool.lease(shape, dtype)

    def share(self, work: Callable[[int, int], None], n: int) -> None:
        """Calls `work(start, stop)` on ranges of 0..n, one a worker, BLAS held to one thread meanwhile."""
        self._workers.share(work, n)

    def release(self) -> None:
        self._pool.release()

    def __repr__(self) -> str:
        return f"Host(workers={self.workers})"


class Cuda(Device):
    """GPU number `index`, computed on by CuPy.

    Args:   index; stream=True, a stream of its own: two such devices on one GPU compute side by side.
    Errors: RuntimeError where CuPy or the GPU is missing; the sentence says what to install or use.
    """

    _streams: ClassVar[dict[int, list]] = {}  # by GPU: every stream that a device of this process computes on

    def __init__(self, index: int = 0, *, stream: bool = False):
        if not isinstance(index, int) or index < 0:
            raise ValueError(f"Cuda: expected the number of a GPU (0, 1, ...), got {index!r}")
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
        """`x` of another GPU or stream, in order: CuPy does not wait for the sender, nor keep its memory meanwhile."""
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

    def __enter__(self) -> Cuda:
        both = ExitStack()
        both.enter_context(self.xp.cuda.Device(self.index))
        both.enter_context(self.stream)
        self._entered.__dict__.setdefault("stack", []).append(both)  # a thread enters and leaves on its own
        return self

    def __exit__(self, *error) -> None:
        self._entered.stack.pop().close()

    def __repr__(self) -> str:
        return f"Cuda({self.index})"


def available_cores() -> int:
    """The cores that this process may use, which a container or a batch system can hold below the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


host = Host()

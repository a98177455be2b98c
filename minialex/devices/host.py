"""Host: main memory and its processor cores, through NumPy."""

import os
from collections.abc import Callable

import numpy as np

from minialex.devices.device import Device
from minialex.devices.memory import Pool
from minialex.devices.workers import Workers


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


def available_cores() -> int:
    """The cores that this process may use, which a container or a batch system can hold below the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


host = Host()

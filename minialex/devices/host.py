"""Host: main memory and its processor cores, through NumPy."""

import os
from collections.abc import Callable
from functools import partial

import numpy as np

from minialex.checks import check_between
from minialex.devices.cuda import to_main_memory
from minialex.devices.device import Device
from minialex.devices.memory import Pool
from minialex.devices.workers import Workers

MOST_WORKERS = 256  # threads; more would wait for each other, and a system may not have them
PIECE = 2**16  # elements that `elementwise` works on at a time: few enough to stay in the cache from line to line


class Host(Device):
    """Main memory, computed on by NumPy with `workers` threads.

    Args:   workers, threads that `share` divides work among (None: one for each core).
    Errors: ValueError unless workers is an integer, 1 to 256.
    """

    xp = np

    def __init__(self, *, workers: int | None = None):
        self.workers = available_cores() if workers is None else workers
        check_between("Host", 1, MOST_WORKERS, workers=self.workers)
        self._workers = Workers(self.workers)
        self._pool = Pool()

    def __reduce__(self):
        """Pickle the number of workers; the default `host` becomes that of the process that unpickles it."""
        return (default_host, ()) if self is host else (partial(Host, workers=self.workers), ())

    def put(self, x) -> np.ndarray:
        return np.asarray(to_main_memory(x) if hasattr(x, "get") and not isinstance(x, dict) else x)  # a CuPy array's

    def holds(self, x) -> bool:
        return isinstance(x, np.ndarray)

    def empty(self, shape, dtype="float32") -> np.ndarray:
        """Return a leased array: its memory goes back to a pool when its last view is deleted (see `memory.py`)."""
        return self._pool.lease(shape, dtype)

    def share(self, work: Callable[[int, int], None], n: int, least: int = 1) -> None:
        """Call `work(start, stop)` on ranges of 0..n, one a worker, BLAS held to one thread meanwhile.

        Args:   least, the shortest range that is worth a thread: handing one over costs a tenth of a millisecond.
        """
        self._workers.share(work, n, least)

    def elementwise(self, work: Callable, *arrays) -> None:
        """Call `work` on corresponding pieces of arrays of one shape, shared over the workers."""
        first = arrays[0]
        if first.ndim == 0 or first.size == 0:
            work(*arrays)
            return
        rows = max(1, PIECE * len(first) // first.size)

        def on_rows(start: int, stop: int) -> None:
            for i in range(start, stop, rows):
                piece = slice(i, min(i + rows, stop))
                work(*(array[piece] for array in arrays))

        self.share(on_rows, len(first), least=rows)

    def release(self) -> None:
        self._pool.release()

    def __repr__(self) -> str:
        return f"Host(workers={self.workers})"


def available_cores() -> int:
    """Return the cores that this process may use, which a container or a batch system may limit."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def default_host() -> Host:
    """Return `host`, whatever number of cores there is."""
    return host


host = Host()

"""Workers: the threads of one host, among which a layer divides its work.

NumPy releases the GIL while it computes, so threads run in parallel. BLAS has threads of its own; it is held to one
meanwhile, so that cores are not oversubscribed.
"""

import threading
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from itertools import pairwise

from threadpoolctl import ThreadpoolController

from minialex.devices.forks import renewed_in_child
from minialex.threads import can_start_threads

WIDE = ("SkylakeX", "Cooperlake", "SapphireRapids")  # kernels of OpenBLAS


class Workers:
    """`count` threads, the calling one among them, started when they are first needed."""

    def __init__(self, count: int):
        self.count = count
        self.renew()
        renewed_in_child(self)

    def renew(self) -> None:
        """Forget the threads: in a forked child they do not exist."""
        self._threads: ThreadPoolExecutor | None = None
        self._busy = threading.Lock()

    def share(self, work: Callable[[int, int], None], n: int, least: int = 1) -> None:
        """Call `work(start, stop)` on at most `count` ranges of `least` or more that together are 0..n; wait for all.

        One worker is one core: BLAS is held to one thread for it too. An error in any range is raised here, once all
        ranges have ended. Nested calls, and calls from another thread meanwhile, run as one range: the caller
        occupies a core already.
        """
        parts = min(self.count, n // least) if self.count > 1 and can_be_many() else 1
        with blas().limit(limits=1, user_api="blas"):
            if parts > 1 and self._busy.acquire(blocking=False):
                try:
                    self._share_out(work, [n * part // parts for part in range(parts + 1)])
                finally:
                    self._busy.release()
            elif n > 0:
                work(0, n)

    def _share_out(self, work: Callable[[int, int], None], edges: list[int]) -> None:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.count - 1, thread_name_prefix="minialex")
        others: list[Future] = [
            self._threads.submit(copy_context().run, work, start, stop) for start, stop in pairwise(edges[1:])
        ]
        try:
            work(edges[0], edges[1])
        finally:
            errors = [future.exception() for future in others]  # waits: none may outlast the limit on BLAS
        for error in errors:
            if error is not None:
                raise error


@cache
def blas() -> ThreadpoolController:
    """Return the BLAS libraries of this process; looking them up costs a millisecond, so once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # threadpoolctl 3.6 in a browser asks in a deprecated way
        return ThreadpoolController()


@cache
def can_be_many() -> bool:
    """Tell whether several workers can compute at the same time here."""
    return can_start_threads() and blas_can_be_held()


@cache
def blas_is_wide() -> bool:
    """Tell whether BLAS multiplies in registers of 512 bits: its products take half the time, all else the same."""
    return any(library.get("architecture") in WIDE for library in blas().info())


@cache
def blas_can_be_held() -> bool:
    """Tell whether the number of BLAS threads can be set; Accelerate on macOS decides alone, and keeps its threads."""
    return bool(blas().select(user_api="blas").lib_controllers)

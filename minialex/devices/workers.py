"""Workers: the threads of one host, among which a layer shares out its own work.

NumPy lets go of the interpreter while it computes, so threads compute side by side. Two kinds of threads must not
fight for the cores: while the workers run, BLAS is held to one thread.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from itertools import pairwise

from threadpoolctl import ThreadpoolController


class Workers:
    """`count` threads, the calling one among them, started when they are first needed."""

    def __init__(self, count: int):
        self.count = count
        self._threads: ThreadPoolExecutor | None = None
        self._busy = threading.Lock()

    def share(self, work: Callable[[int, int], None], n: int) -> None:
        """Calls `work(start, stop)` on at most `count` ranges that together are 0..n, and waits for all.

        One worker is one core: BLAS is held for it too. An error in any range is raised here, once all ranges have
        ended. Work that itself shares, and work that another thread shares meanwhile, runs in one range: its caller
        holds a core already.
        """
        parts = min(self.count, n) if blas_can_be_held() else 1
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
            errors = [future.exception() for future in others]  # waits: none may outlive the hold on BLAS
        for error in errors:
            if error is not None:
                raise error


@cache
def blas() -> ThreadpoolController:
    """The BLAS libraries of this process; looking them up costs a millisecond, so once."""
    return ThreadpoolController()


@cache
def blas_can_be_held() -> bool:
    """False where BLAS decides alone how many threads it takes (Accelerate on macOS): then it keeps them."""
    return bool(blas().select(user_api="blas").lib_controllers)

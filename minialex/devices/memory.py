"""Leased memory: blocks that are used again once no array refers to them any more.

A fresh block costs a page fault for every 4 KB touched, a quarter of a training step of the paper's net at batch 128.
Reusing one buffer for each layer would be fast too, but would overwrite arrays that a user keeps. So an array is
*leased*: its base is a small object that gives the block back when the last view of the array is deleted.
"""

import threading
from bisect import bisect_left, insort
from collections import deque
from math import prod

import numpy as np

from minialex.devices.forks import renewed_in_child

Block = tuple[int, int, np.ndarray]  # bytes, address, the memory: sorted, the smallest come first

WASTE = 2  # a block serves requests down to half its size: the peak stays low, and most requests still fit


class Pool:
    """A pool of blocks of main memory: leased, given back, leased again."""

    def __init__(self) -> None:
        # The collector may run Lease.__del__ anywhere, even inside `lease`, so it must take no lock: it appends its
        # block to this deque (append and popleft are atomic), from which the next `lease` fetches it.
        self._returned: deque[Block] = deque()
        self._free: list[Block] = []  # sorted
        self.renew()
        renewed_in_child(self)

    def renew(self) -> None:
        """Forget who holds the lock: in a forked child he does not exist."""
        self._lock = threading.Lock()

    def lease(self, shape, dtype) -> np.ndarray:
        """Return an array of undefined contents, in reused memory where a free block fits."""
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        dtype = np.dtype(dtype)
        nbytes = prod(shape) * dtype.itemsize
        with self._lock:
            block = self._best_fit(nbytes)
        if block is None:
            fresh = np.empty(nbytes, np.uint8)
            block = nbytes, fresh.ctypes.data, fresh
        return np.asarray(Lease(block, shape, dtype, self._returned))

    def release(self) -> None:
        """Drop every free block, so that the system has the memory back."""
        with self._lock:
            self._fetch_returned()
            self._free.clear()

    def _best_fit(self, nbytes: int) -> Block | None:
        self._fetch_returned()
        i = bisect_left(self._free, (nbytes,))
        if i < len(self._free) and self._free[i][0] <= WASTE * nbytes:
            return self._free.pop(i)
        return None

    def _fetch_returned(self) -> None:
        while self._returned:
            insort(self._free, self._returned.popleft())


class Lease:
    """The base of a leased array: it keeps the block, and gives it back when it is deleted."""

    def __init__(self, block: Block, shape: tuple, dtype: np.dtype, returned: deque[Block]):
        self._block, self._returned = block, returned
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": dtype.str,
            "data": (block[1], False),
        }

    def __del__(self) -> None:
        self._returned.append(self._block)

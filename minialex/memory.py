"""Leased memory: warm blocks that are used again once nobody can see them any more.

A fresh block costs a page fault for every 4 KB touched, a third of a training step. Reusing one buffer for
each layer would be fast too, but would overwrite arrays that a user keeps. So an array is *leased*: its base is a
small object that hands the block back when the last view of the array dies.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections import deque

import numpy as np

WASTE = 2  # a block serves requests down to half its size: the peak stays low, and most requests still fit


class Pool:
    """Blocks of main memory: leased out, given back, leased again."""

    def __init__(self) -> None:
        # The collector may run Lease.__del__ anywhere, even inside `lease`: it takes no lock, but leaves its
        # block at this door (append and popleft of a deque are atomic) for the next `lease` to fetch.
        self._returned: deque[np.ndarray] = deque()
        self._free: list[tuple[int, int, np.ndarray]] = []  # (bytes, address, block), smallest first
        self._lock = threading.Lock()

    def lease(self, shape, dtype) -> np.ndarray:
        """An array of undefined contents, in reused memory where some fits."""
        dtype = np.dtype(dtype)
        nbytes = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        with self._lock:
            block = self._best_fit(nbytes)
        if block is None:
            block = np.empty(nbytes, np.uint8)
        return np.asarray(Lease(block, shape, dtype, self._returned))

    def release(self) -> None:
        """Forgets every free block, so that the system has the memory back."""
        with self._lock:
            self._fetch_returned()
            self._free.clear()

    def _best_fit(self, nbytes: int) -> np.ndarray | None:
        self._fetch_returned()
        place = bisect_left(self._free, (nbytes,))
        if place < len(self._free) and self._free[place][0] <= WASTE * nbytes:
            return self._free.pop(place)[2]
        return None

    def _fetch_returned(self) -> None:
        while self._returned:
            block = self._returned.popleft()
            insort(self._free, (block.nbytes, block.ctypes.data, block))


class Lease:
    """The base of a leased array: holds its block, and gives it back when it dies."""

    def __init__(self, block: np.ndarray, shape, dtype: np.dtype, returned: deque[np.ndarray]):
        self._block, self._returned = block, returned
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": dtype.str,
            "data": (block.ctypes.data, False),
        }

    def __del__(self) -> None:
        self._returned.append(self._block)

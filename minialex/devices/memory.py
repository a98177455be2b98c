"""Leased memory: warm blocks that are used again once nobody can see them any more.

A fresh block costs a page fault for every 4 KB touched, a quarter of a training step of the paper's net at batch 128.
Reusing one buffer for each layer would be fast too, but would overwrite arrays that a user keeps. So an array is
*leased*: its base is a small object that hands the block back when the last view of the array dies.
"""

import threading
from bisect import bisect_left, insort
from collections import deque
from math import prod

import numpy as np

Block = tuple[int, int, np.ndarray]  # bytes, address, the memory: sorted, the smallest come first

WASTE = 2  # a block serves requests down to half its size: the peak stays low, and most requests still fit


class Pool:
    """Blocks of main memory: leased out, given back, leased again."""

    def __init__(self) -> None:
        # The collector may run Lease.__del__ anywhere, even inside `lease`: it takes no lock, but leaves its
        # block at this door (append and popleft of a deque are atomic) for the next `lease` to fetch.
        self._returned: deque[Block] = deque()
        self._free: list[Block] = []  # sorted
        self._lock = threading.Lock()

    def lease(self, shape, dtype) -> np.ndarray:
        """An array of undefined contents, in reused memory where some fits."""
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
        """Forgets every free block, so that the system has the memory back."""
        with self._lock:
            self._fetch_returned()
            self._free.clear()

    def _best_fit(self, nbytes: int) -> Block | None:
        self._fetch_returned()
        place = bisect_left(self._free, (nbytes,))
        if place < len(self._free) and self._free[place][0] <= WASTE * nbytes:
            return self._free.pop(place)
        return None

    def _fetch_returned(self) -> None:
        while self._returned:
            insort(self._free, self._returned.popleft())


class Lease:
    """The base of a leased array: holds its block, and gives it back when it dies."""

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

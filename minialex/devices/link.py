"""Link: what ranks send to each other, arrays in main memory.

One array is the same array on every rank. Of a tuple, one array a rank, each rank holds its own; in the positions of
the others it has an `Elsewhere`, their shape and dtype.
"""

from collections.abc import Sequence
from math import prod
from typing import Self

import numpy as np

from minialex.checks import expected
from minialex.devices.mpi import world


class Elsewhere:
    """An array of another rank: its shape and dtype are known here, its values are not."""

    def __init__(self, shape: tuple, dtype):
        self.shape, self.dtype = tuple(shape), np.dtype(dtype)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return prod(self.shape)

    def astype(self, dtype) -> "Elsewhere":
        return Elsewhere(self.shape, dtype)

    def __array__(self, *_, **__):
        raise expected("ranks", "an array of this rank", repr(self), "use the tuple's own array", RuntimeError)

    def __repr__(self) -> str:
        return f"Elsewhere({self.shape}, {self.dtype})"


class Link:
    """The ranks of a communicator; every method is called by all of them, in the same order.

    Args:   comm, of mpi4py (None: all ranks that were started).
    """

    def __init__(self, comm=None):
        self.comm = world() if comm is None else comm
        self.rank, self.size = self.comm.rank, self.comm.size

    def __deepcopy__(self, memo) -> Self:
        return self

    def rows(self, n: int) -> slice:
        """Return which of n rows are this rank's: as many as the others', or one more; rank 0 has one at least."""
        start, stop = (-(-n * i // self.size) for i in (self.rank, self.rank + 1))
        return slice(start, stop)

    def each(self, value) -> list:
        """Return every rank's value, in order; any Python object."""
        return self.comm.allgather(value)

    def spread(self, parts: Sequence) -> tuple:
        """Return one part a rank of what all ranks have: nothing is sent."""
        return tuple(x if i == self.rank else Elsewhere(x.shape, x.dtype) for i, x in enumerate(parts))

    def collect(self, parts: Sequence) -> list:
        """Return the arrays of all ranks, on every rank (MPI_Allgatherv)."""
        if len(parts) != self.size:
            raise expected("ranks", f"{self.size} arrays, one a rank", len(parts), "pass all ranks as devices")
        own, sizes = np.ascontiguousarray(parts[self.rank]), [prod(part.shape) for part in parts]
        flat = np.empty(sum(sizes), own.dtype)
        self.comm.Allgatherv(own, [flat, sizes])
        arrays = np.split(flat, np.cumsum(sizes)[:-1])
        return [array.reshape(part.shape) for array, part in zip(arrays, parts, strict=True)]

    def exchange(self, parts: Sequence[np.ndarray]) -> list:
        """Send part j of this rank to rank j, and return what each has sent to this one (MPI_Alltoallv)."""
        own = parts[self.rank]
        flat = np.concatenate([np.ravel(part) for part in parts])
        received = np.empty((self.size, *own.shape), own.dtype)
        self.comm.Alltoallv([flat, [part.size for part in parts]], [received, [own.size] * self.size])
        return list(received)

    def add(self, flat: np.ndarray) -> None:
        """Replace a flat array by its sum over all ranks, the same bits on each (MPI_Allreduce)."""
        from mpi4py.MPI import IN_PLACE

        self.comm.Allreduce(IN_PLACE, flat)

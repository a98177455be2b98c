"""Pooling, fast: along the rows, then down the columns.

A maximum over 3x3 is the maximum down three rows of the maxima along each of them: 4 comparisons instead of 8. Of equal
values the first, row by row, still wins: the first row that holds the maximum, and in it the first column. Both
directions are the same code: it works along the first axis, and is handed the maps (H, C, W, N) with H and W exchanged.

Work is shared by channels, so that overlapping windows stay with one worker, and done for a block of channels at a
time: as few as the cache holds, and not fewer, since two workers queue for the interpreter between operations.

Measured: pool1 of the 80sec net 52 and 39 ms forward and backward in the textbook, 4 and 4 here.
"""

from collections.abc import Callable

import numpy as np

from minialex import layers
from minialex.device import Device
from minialex.fast.layout import shown, stored

BLOCK = 2**19  # numbers of a block of maps: 2 MB of float32


class Separable:
    """What both poolings share: blocks of channels, and the places of kernel row or column k, clipped at the edge."""

    kernel: int
    stride: int
    device: Device

    def _share(self, work: Callable[[slice], None], shape: tuple) -> None:
        """Calls `work(channels)` on ranges of the channels of maps (H, C, W, N)."""
        H, C, W, N = shape
        few = max(1, BLOCK // (H * W * N))

        def blocks(start: int, stop: int) -> None:
            for c in range(start, stop, few):
                work(slice(c, min(c + few, stop)))

        self.device.share(blocks, C)

    def _places(self, side: int, n: int) -> list[tuple[int, slice]]:
        """For each k of the kernel: how many of the n windows reach it, and the slice of the side that they read."""
        reach = [min(n, (side - 1 - k) // self.stride + 1) for k in range(self.kernel)]
        return [(r, slice(k, k + self.stride * r, self.stride)) for k, r in enumerate(reach)]

    def _spread(self, parts, n: int, dx) -> None:
        """Gives `parts`, pairs of k and gradients (n, ...), back to the places that they were read from.

        k comes from the last to the first: where a place is reached for the first time it is assigned, with zeros
        where the kernel does not reach, later added to.
        """
        places, s = self._places(len(dx), n), self.stride
        for k, part in parts:
            reach, at = places[k]
            if k + s < self.kernel:
                dx[at] += part[:reach]
            else:
                dx[k % s : k : s] = 0
                dx[at] = part[:reach]
                dx[at.stop :: s] = 0
        for k in range(self.kernel, s):  # between windows that do not touch
            dx[k::s] = 0


class MaxPool(Separable, layers.MaxPool):
    """`minialex.layers.MaxPool`, separable; who beat whom is kept, a byte a comparison, and neither x nor y.

    The places under a kernel are compared in turn, `beats[k - 1]` says where place k is above all before it, and the
    last that is so holds the maximum: backward compares nothing any more.
    """

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x, K = stored(self.device, x), self.kernel
        y = self.device.empty((OH, C, OW, N), x.dtype)
        columns = self.device.empty((K - 1, len(x), C, OW, N), bool)
        rows = self.device.empty((K - 1, OH, C, OW, N), bool)

        def work(own: slice) -> None:
            along = np.empty((len(x), own.stop - own.start, OW, N), x.dtype)
            self._compete(x[:, own].swapaxes(0, 2), along.swapaxes(0, 2), columns[:, :, own].swapaxes(1, 3))
            self._compete(along, y[:, own], rows[:, :, own])

        self._share(work, x.shape)
        self.remember(x.shape, columns, rows)
        return shown(y)

    def _compete(self, x, best, beats) -> None:
        """Along the first axis: the maximum of each window, and who beat whom."""
        (_, first), *others = self._places(len(x), len(best))
        held = x[first]
        for k, (reach, at) in enumerate(others):
            np.greater(x[at], held[:reach], out=beats[k, :reach])
            beats[k, reach:] = False
            np.maximum(x[at], held[:reach], out=best[:reach])
            if held is not best:
                best[reach:] = held[reach:]
                held = best
        if not others:
            best[...] = held

    def backward(self, dy):
        shape, columns, rows = self.recall()
        dy = stored(self.device, dy)
        dx = self.device.empty(shape, dy.dtype)
        OH, _, OW, N = dy.shape

        def work(own: slice) -> None:
            d = np.empty((shape[0], own.stop - own.start, OW, N), dy.dtype)
            self._spread(won(rows[:, :, own], dy[:, own]), OH, d)
            along = d.swapaxes(0, 2)
            self._spread(won(columns[:, :, own].swapaxes(1, 3), along), OW, dx[:, own].swapaxes(0, 2))

        self._share(work, shape)
        return shown(dx)


def won(beats, dy):
    """For each place from the last to the first: its number, and dy where it holds its window's maximum, else 0."""
    free, hit, part = np.ones_like(dy, bool), np.empty_like(dy, bool), np.empty_like(dy)
    for k in range(len(beats), 0, -1):
        np.logical_and(beats[k - 1], free, out=hit)
        yield k, np.multiply(dy, hit, out=part)
        free ^= hit
    yield 0, np.multiply(dy, free, out=part)


class AvgPool(Separable, layers.AvgPool):
    """`minialex.layers.AvgPool`, separable."""

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x = stored(self.device, x)
        y = self.device.empty((OH, C, OW, N), x.dtype)
        area = self._area(len(x), x.shape[2], OH, OW, x.dtype)

        def work(own: slice) -> None:
            along = np.empty((len(x), own.stop - own.start, OW, N), x.dtype)
            self._add_up(x[:, own].swapaxes(0, 2), along.swapaxes(0, 2))
            self._add_up(along, y[:, own])
            y[:, own] /= area

        self._share(work, x.shape)
        self.remember(x.shape, area)
        return shown(y)

    def _add_up(self, x, total) -> None:
        """Along the first axis: the sum of each window."""
        (_, first), *others = self._places(len(x), len(total))
        total[...] = x[first]
        for reach, at in others:
            total[:reach] += x[at]

    def backward(self, dy):
        shape, area = self.recall()
        dy = stored(self.device, dy)
        dx = self.device.empty(shape, dy.dtype)
        OH, _, OW, N = dy.shape

        def work(own: slice) -> None:
            d = np.empty((shape[0], own.stop - own.start, OW, N), dy.dtype)
            share = dy[:, own] / area
            self._spread(((k, share) for k in reversed(range(self.kernel))), OH, d)
            along = d.swapaxes(0, 2)
            self._spread(((k, along) for k in reversed(range(self.kernel))), OW, dx[:, own].swapaxes(0, 2))

        self._share(work, shape)
        return shown(dx)

    def _area(self, H: int, W: int, OH: int, OW: int, dtype):
        """How many pixels of the map each window holds: (OH, 1, OW, 1)."""
        rows, cols = (
            np.array([min(self.kernel, side - self.stride * o) for o in range(n)], dtype)
            for side, n in ((H, OH), (W, OW))
        )
        return rows[:, None, None, None] * cols[:, None]

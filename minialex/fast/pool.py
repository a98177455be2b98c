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
from minialex.devices import Device
from minialex.fast.layout import bits, shown, stored

BLOCK = 2**19  # numbers of a block of maps: 2 MB of float32


class Separable:
    """What both poolings share: blocks of channels, and the places of kernel row or column k, clipped at the edge."""

    kernel: int
    stride: int
    device: Device

    def _share(self, work: Callable, shape: tuple, OW: int, *dtypes) -> None:
        """Calls `work(channels, *scratch)` on blocks of the channels of maps (H, C, W, N).

        Scratch, (H, channels, OW, N) of each dtype, is leased once for all blocks of a worker: it stays in the cache.
        """
        H, C, W, N = shape
        few = max(1, BLOCK // (H * W * N))

        def blocks(start: int, stop: int) -> None:
            scratch = [self.device.empty((H, min(few, stop - start), OW, N), dtype) for dtype in dtypes]
            for c in range(start, stop, few):
                own = slice(c, min(c + few, stop))
                work(own, *(array[:, : own.stop - c] for array in scratch))

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

    Where x is not a number, y is not either, as in the textbook, but dx may go to another place of the window.
    """

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x, K = stored(self.device, x), self.kernel
        y = self.device.empty((OH, C, OW, N), x.dtype)
        columns = self.device.empty((K - 1, len(x), C, OW, N), bool)
        rows = self.device.empty((K - 1, OH, C, OW, N), bool)

        def work(own: slice, along) -> None:
            self._compete(x[:, own].swapaxes(0, 2), along.swapaxes(0, 2), columns[:, :, own].swapaxes(1, 3))
            self._compete(along, y[:, own], rows[:, :, own])

        self._share(work, x.shape, OW, x.dtype)
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
        shape, columns, rows = self.recall(dy)
        dy = stored(self.device, dy)
        dx = self.device.empty(shape, dy.dtype)
        OH, _, OW, _ = dy.shape

        def work(own: slice, d, *spare) -> None:
            self._spread(won(rows[:, :, own], dy[:, own], *(a[:OH] for a in spare)), OH, d)
            across, *turned = (a.swapaxes(0, 2) for a in (d, *spare))
            self._spread(won(columns[:, :, own].swapaxes(1, 3), across, *turned), OW, dx[:, own].swapaxes(0, 2))

        self._share(work, shape, OW, dy.dtype, dy.dtype, bool, bool)
        return shown(dx)


def won(beats, dy, part, free, hit):
    """For each place from the last to the first: its number, and dy where it holds its window's maximum, else 0."""
    dy_bits, part_bits = bits(dy), bits(part)
    free[...] = True
    for k in range(len(beats), 0, -1):
        np.logical_and(beats[k - 1], free, out=hit)
        np.multiply(dy_bits, hit, out=part_bits)
        yield k, part
        free ^= hit
    np.multiply(dy_bits, free, out=part_bits)
    yield 0, part


class AvgPool(Separable, layers.AvgPool):
    """`minialex.layers.AvgPool`, separable."""

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x = stored(self.device, x)
        y = self.device.empty((OH, C, OW, N), x.dtype)
        area = self._area(len(x), x.shape[2], OH, OW, x.dtype)

        def work(own: slice, along) -> None:
            self._add_up(x[:, own].swapaxes(0, 2), along.swapaxes(0, 2))
            self._add_up(along, y[:, own])
            y[:, own] /= area

        self._share(work, x.shape, OW, x.dtype)
        self.remember(x.shape, area)
        return shown(y)

    def _add_up(self, x, total) -> None:
        """Along the first axis: the sum of each window."""
        (_, first), *others = self._places(len(x), len(total))
        total[...] = x[first]
        for reach, at in others:
            total[:reach] += x[at]

    def backward(self, dy):
        shape, area = self.recall(dy)
        dy = stored(self.device, dy)
        dx = self.device.empty(shape, dy.dtype)
        OH, _, OW, _ = dy.shape

        def work(own: slice, d, spare) -> None:
            part = np.divide(dy[:, own], area, out=spare[:OH])
            self._spread(((k, part) for k in reversed(range(self.kernel))), OH, d)
            across = d.swapaxes(0, 2)
            self._spread(((k, across) for k in reversed(range(self.kernel))), OW, dx[:, own].swapaxes(0, 2))

        self._share(work, shape, OW, dy.dtype, dy.dtype)
        return shown(dx)

    def _area(self, H: int, W: int, OH: int, OW: int, dtype):
        """How many pixels of the map each window holds: (OH, 1, OW, 1)."""
        rows, cols = (
            np.array([min(self.kernel, side - self.stride * o) for o in range(n)], dtype)
            for side, n in ((H, OH), (W, OW))
        )
        return rows[:, None, None, None] * cols[:, None]

"""Pooling, fast: along the rows, then down the columns.

A maximum over 3x3 is the maximum down three rows of the maxima along each of them: 4 comparisons instead of 8. Of equal
values the first, row by row, is still taken: the first row that contains the maximum, and in it the first column. Both
directions are the same code, along the first axis: for the rows the maps (H, C, W, N) have H and W exchanged.

Work is shared by channels, so that overlapping windows stay with one worker, and done for a block of channels at a
time: few enough for the cache, and not fewer, since workers wait for the GIL between operations.

Measured: pool1 of the 80sec net 52 and 39 ms forward and backward in the textbook, 4 and 4 here.
"""

from collections.abc import Callable

import numpy as np

from minialex import layers
from minialex.devices import Device
from minialex.fast.layout import bits, shown, stored

BLOCK = 2**19  # elements of a block of maps: 2 MB of float32


class Separable:
    """Base of both poolings: blocks of channels, and positions under a kernel row or column, clipped at the edge."""

    kernel: int
    stride: int
    device: Device

    def _share(self, work: Callable, shape: tuple, OW: int, *dtypes) -> None:
        """Call `work(channels, *scratch)` on blocks of the channels of maps (H, C, W, N).

        Scratch, (H, channels, OW, N) of each dtype, is leased once for all blocks of a worker: it stays in the cache.
        """
        H, C, W, N = shape
        length = max(1, BLOCK // (H * W * N))

        def blocks(start: int, stop: int) -> None:
            scratch = [self.device.empty((H, min(length, stop - start), OW, N), dtype) for dtype in dtypes]
            for c in range(start, stop, length):
                channels = slice(c, min(c + length, stop))
                work(channels, *(array[:, : channels.stop - c] for array in scratch))

        self.device.share(blocks, C)

    def _positions(self, side: int, n: int) -> list[tuple[int, slice]]:
        """Return for each k of the kernel: how many of the n windows reach it, and the slice of the side they read."""
        reach = [min(n, (side - 1 - k) // self.stride + 1) for k in range(self.kernel)]
        return [(r, slice(k, k + self.stride * r, self.stride)) for k, r in enumerate(reach)]

    def _add_back(self, parts, n: int, dx) -> None:
        """Add `parts`, pairs of k and gradients (n, ...), to the positions of dx that kernel position k reads.

        k runs from the last to the first: a position that is reached for the first time is assigned (zeros where the
        kernel does not reach), later ones are added.
        """
        positions, s = self._positions(len(dx), n), self.stride
        for k, part in parts:
            reach, at = positions[k]
            if k + s < self.kernel:
                dx[at] += part[:reach]
            else:
                dx[k % s : k : s] = 0
                dx[at] = part[:reach]
                dx[at.stop :: s] = 0
        for k in range(self.kernel, s):  # between windows that do not touch
            dx[k::s] = 0


class MaxPool(Separable, layers.MaxPool):
    """`minialex.layers.MaxPool`, separable; masks are kept for backward, a byte a comparison, and neither x nor y.

    The positions under a kernel are compared in order: `larger[k - 1]` is True where position k is larger than all
    before it. The last such position is that of the maximum, so backward compares nothing.

    Where x is nan, so is y, as in the textbook, but dx may go to another position of the window.
    """

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x, K = stored(self.device, x), self.kernel
        y = self.device.empty((OH, C, OW, N), x.dtype)
        columns = self.device.empty((K - 1, len(x), C, OW, N), bool)
        rows = self.device.empty((K - 1, OH, C, OW, N), bool)

        def work(block: slice, along) -> None:
            self._maximum(x[:, block].swapaxes(0, 2), along.swapaxes(0, 2), columns[:, :, block].swapaxes(1, 3))
            self._maximum(along, y[:, block], rows[:, :, block])

        self._share(work, x.shape, OW, x.dtype)
        self.remember(x.shape, columns, rows)
        return shown(y)

    def _maximum(self, x, y, larger) -> None:
        """Write the maximum of each window along the first axis to y, and the comparisons to `larger`."""
        (_, first), *others = self._positions(len(x), len(y))
        so_far = x[first]
        for k, (reach, at) in enumerate(others):
            np.greater(x[at], so_far[:reach], out=larger[k, :reach])
            larger[k, reach:] = False
            np.maximum(x[at], so_far[:reach], out=y[:reach])
            if so_far is not y:
                y[reach:] = so_far[reach:]
                so_far = y
        if not others:
            y[...] = so_far

    def backward(self, dy):
        shape, columns, rows = self.recall(dy)
        dy = stored(self.device, dy)
        dx = self.device.empty(shape, dy.dtype)
        OH, _, OW, _ = dy.shape

        def work(block: slice, d, *scratch) -> None:
            parts = at_maxima(rows[:, :, block], dy[:, block], *(a[:OH] for a in scratch))
            self._add_back(parts, OH, d)
            parts = at_maxima(columns[:, :, block].swapaxes(1, 3), *(a.swapaxes(0, 2) for a in (d, *scratch)))
            self._add_back(parts, OW, dx[:, block].swapaxes(0, 2))

        self._share(work, shape, OW, dy.dtype, dy.dtype, bool, bool)
        return shown(dx)


def at_maxima(larger, dy, part, not_found, is_maximum):
    """Yield for each k of the kernel, from the last: k, and dy where position k is its window's maximum, else 0.

    Scratch: part, of dy's shape and dtype; not_found, a mask of the windows whose maximum is still to come; is_maximum.
    """
    dy_bits, part_bits = bits(dy), bits(part)
    not_found[...] = True
    for k in range(len(larger), 0, -1):
        np.logical_and(larger[k - 1], not_found, out=is_maximum)
        np.multiply(dy_bits, is_maximum, out=part_bits)
        yield k, part
        not_found ^= is_maximum
    np.multiply(dy_bits, not_found, out=part_bits)
    yield 0, part


class AvgPool(Separable, layers.AvgPool):
    """`minialex.layers.AvgPool`, separable."""

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x = stored(self.device, x)
        y = self.device.empty((OH, C, OW, N), x.dtype)
        area = self._area(len(x), x.shape[2], OH, OW, x.dtype)

        def work(block: slice, along) -> None:
            self._sum(x[:, block].swapaxes(0, 2), along.swapaxes(0, 2))
            self._sum(along, y[:, block])
            y[:, block] /= area

        self._share(work, x.shape, OW, x.dtype)
        self.remember(x.shape, area)
        return shown(y)

    def _sum(self, x, total) -> None:
        """Write the sum of each window along the first axis to `total`."""
        (_, first), *others = self._positions(len(x), len(total))
        total[...] = x[first]
        for reach, at in others:
            total[:reach] += x[at]

    def backward(self, dy):
        shape, area = self.recall(dy)
        dy = stored(self.device, dy)
        dx = self.device.empty(shape, dy.dtype)
        OH, _, OW, _ = dy.shape

        def work(block: slice, d, scratch) -> None:
            part = np.divide(dy[:, block], area, out=scratch[:OH])
            self._add_back(((k, part) for k in reversed(range(self.kernel))), OH, d)
            across = d.swapaxes(0, 2)
            self._add_back(((k, across) for k in reversed(range(self.kernel))), OW, dx[:, block].swapaxes(0, 2))

        self._share(work, shape, OW, dy.dtype, dy.dtype)
        return shown(dx)

    def _area(self, H: int, W: int, OH: int, OW: int, dtype):
        """Return the number of pixels of the map in each window: (OH, 1, OW, 1)."""
        rows, cols = (
            np.array([min(self.kernel, side - self.stride * o) for o in range(n)], dtype)
            for side, n in ((H, OH), (W, OW))
        )
        return rows[:, None, None, None] * cols[:, None]

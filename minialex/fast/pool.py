"""Pooling, fast: along the rows, then down the columns.

A maximum over 3x3 is the maximum down three rows of the maxima along each of them: 4 comparisons instead of 8. Of equal
values the first, row by row, still wins: the first row that holds the maximum, and in it the first column.
Work is shared by channels, so that overlapping windows stay with one worker.

Measured: pool1 of the 80sec net 52 and 39 ms forward and backward in the textbook, 4 and 5 here.
"""

from collections.abc import Callable

import numpy as np

from minialex import layers
from minialex.device import Device
from minialex.fast.layout import shown, stored

CACHED = 2**18  # numbers of a row: 1 MB of float32; with less, two workers queue for the interpreter


class Separable:
    """What both poolings share: the places of kernel row or column k, `stride` apart, clipped at the edge."""

    kernel: int
    stride: int
    device: Device

    def _share(self, work: Callable[[slice], None], x) -> None:
        """Calls `work(channels)` on ranges of the channels of x (H, C, W, N), so few that a row of them is cached."""
        _, C, W, N = x.shape
        few = max(1, CACHED // (W * N))

        def ranges(start: int, stop: int) -> None:
            for c in range(start, stop, few):
                work(slice(c, min(c + few, stop)))

        self.device.share(ranges, C)

    def _reached(self, side: int, n: int):
        """For each k of the kernel: how many of the n windows reach it, and the slice of the side that they read."""
        for k in range(self.kernel):
            reach = min(n, (side - 1 - k) // self.stride + 1)
            yield reach, slice(k, k + self.stride * reach, self.stride)


class MaxPool(Separable, layers.MaxPool):
    """`minialex.layers.MaxPool`, separable; who beat whom is kept, a byte a comparison, and neither x nor y.

    Along a row the window's columns are compared in turn, `beats[k - 1]` says where column k is above all before it,
    and the last that is so holds the maximum; then the same down the rows. Backward needs no comparison any more.
    """

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x = stored(self.device, x)
        H, K, s = len(x), self.kernel, self.stride
        y = self.device.empty((OH, C, OW, N), x.dtype)
        columns = self.device.empty((K - 1, H, C, OW, N), bool)
        rows = self.device.empty((K - 1, OH, C, OW, N), bool)

        def work(own: slice) -> None:
            ring = np.empty((K, own.stop - own.start, OW, N), x.dtype)  # the rows under the kernel, h at h mod K
            done = 0
            for oh in range(OH):
                under = range(oh * s, min(oh * s + K, H))
                for h in range(max(done, under.start), under.stop):
                    places = [(reach, x[h, own, at]) for reach, at in self._reached(x.shape[2], OW)]
                    compete(places, ring[h % K], columns[:, h, own])
                done = under.stop
                compete([(OW, ring[h % K]) for h in under], y[oh, own], rows[:, oh, own])

        self._share(work, x)
        self.remember(x.shape, columns, rows)
        return shown(y)

    def backward(self, dy):
        shape, columns, rows = self.recall()
        dy = stored(self.device, dy)
        dx = self.device.empty(shape, dy.dtype)
        (H, *_), (OH, _, OW, N), K, s = shape, dy.shape, self.kernel, self.stride

        def work(own: slice) -> None:
            size = (own.stop - own.start, OW, N)
            ring, part = np.zeros((K, *size), dy.dtype), np.empty(size, dy.dtype)
            scratch = np.empty(size, bool), np.empty(size, bool)
            for oh in range(OH):
                under = range(oh * s, min(oh * s + K, H))
                for k, hit in winners(rows[: len(under) - 1, oh, own], scratch):
                    ring[(oh * s + k) % K] += np.multiply(dy[oh, own], hit, out=part)
                for h in range(oh * s, min(oh * s + s, H) if oh < OH - 1 else H):  # no later window reads these rows
                    self._along(columns[:, h, own], ring[h % K], dx[h, own], scratch, part)
                    ring[h % K] = 0

        self._share(work, dx)
        return shown(dx)

    def _along(self, beats, d, dx, scratch, part) -> None:
        """One row: each gradient to the column that holds its window's maximum, from the last kernel column on.

        What a kernel column reaches as the first to do so is assigned, with zeros where it does not reach.
        """
        K, s = self.kernel, self.stride
        places = list(self._reached(dx.shape[1], d.shape[1]))
        for k, hit in winners(beats, scratch):
            reach, at = places[k]
            if k + s < K:
                dx[:, at] += np.multiply(d[:, :reach], hit[:, :reach], out=part[:, :reach])
            else:
                dx[:, k % s : k : s] = 0
                np.multiply(d[:, :reach], hit[:, :reach], out=dx[:, at])
                dx[:, at.stop :: s] = 0
        for k in range(K, s):  # between windows that do not touch
            dx[:, k::s] = 0


def compete(places: list, best, beats) -> None:
    """best = the maximum of the places, beats[k - 1] = where place k is above all before it.

    Each place is (reach, array): only the first `reach` columns of the output have this place in their window.
    """
    (_, held), *others = places
    for k, (reach, piece) in enumerate(others):
        np.greater(piece, held[:, :reach], out=beats[k, :, :reach])
        beats[k, :, reach:] = False
        np.maximum(piece, held[:, :reach], out=best[:, :reach])
        if held is not best:
            best[:, reach:] = held[:, reach:]
            held = best
    if not others:
        best[...] = held
    beats[len(others) :] = False  # rows that are clipped at the bottom edge


def winners(beats, scratch):
    """For each place from the last to the first: its number, and where it holds its window's maximum."""
    free, hit = scratch
    free[...] = True
    for k in range(len(beats), 0, -1):
        np.logical_and(beats[k - 1], free, out=hit)
        yield k, hit
        free ^= hit
    yield 0, free


class AvgPool(Separable, layers.AvgPool):
    """`minialex.layers.AvgPool`, separable."""

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x = stored(self.device, x)
        H, _, W, _ = x.shape
        y = self.device.empty((OH, C, OW, N), x.dtype)
        area = self._area(H, W, OH, OW, x.dtype)

        def work(own: slice) -> None:
            row = np.empty((own.stop - own.start, OW, N), x.dtype)
            y[:, own] = 0
            for h in range(H):
                (_, first), *others = self._reached(W, OW)
                row[...] = x[h, own, first]
                for reach, at in others:
                    row[:, :reach] += x[h, own, at]
                for oh in self._windows_of(h, OH):
                    y[oh, own] += row
            y[:, own] /= area

        self._share(work, x)
        self.remember(x.shape, area)
        return shown(y)

    def backward(self, dy):
        shape, area = self.recall()
        dy = stored(self.device, dy)
        H, _, W, N = shape
        OH, _, OW, _ = dy.shape
        dx = self.device.empty(shape, dy.dtype)

        def work(own: slice) -> None:
            share = np.empty((own.stop - own.start, OW, N), dy.dtype)
            parts = dy[:, own] / area
            for h in range(H):
                share[...] = 0
                for oh in self._windows_of(h, OH):
                    share += parts[oh]
                for k, (reach, at) in enumerate(self._reached(W, OW)):
                    if k < self.stride:  # the first to reach these columns
                        dx[h, own, at] = share[:, :reach]
                        dx[h, own, at.stop :: self.stride] = 0
                    else:
                        dx[h, own, at] += share[:, :reach]
                for k in range(self.kernel, self.stride):  # between windows that do not touch
                    dx[h, own, k :: self.stride] = 0

        self._share(work, dx)
        return shown(dx)

    def _windows_of(self, h: int, OH: int) -> range:
        """The rows of y whose windows hold row h."""
        return range(max(0, -((self.kernel - 1 - h) // self.stride)), min(OH, h // self.stride + 1))

    def _area(self, H: int, W: int, OH: int, OW: int, dtype):
        """How many pixels of the map each window holds: (OH, 1, OW, 1)."""
        rows, cols = (
            np.array([min(self.kernel, side - self.stride * o) for o in range(n)], dtype)
            for side, n in ((H, OH), (W, OW))
        )
        return rows[:, None, None, None] * cols[:, None]

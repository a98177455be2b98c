"""Local response normalization, fast: few passes over memory, each over a block that stays in the cache.

Across channels the window sum is made by doubling, on channels between edges of zeros:

    padded     0 0 | x0 x1 x2 ... | 0 0
    pairs      p[c] = padded[c] + padded[c + 1]
    sum[c]     p[c] + p[c + 2] + padded[c + 4]          n = 5: 3 additions instead of 4

Within maps it goes along the rows, then down the columns: 2n additions instead of n * n. The power 3/4 is
scale**(1/2) * scale**(1/4), two square roots, which cost a third of a power. Other betas take the power.

Measured: norm1 of the paper's net, batch 128, 400 and 430 ms forward and backward in the textbook, 50 and 60 here; with
scratch for six arrays instead of two it was 70 and 80.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from minialex import layers
from minialex.fast.layout import empty_like, shown, stored

BLOCK = 2**18  # elements of several maps: 1 MB of float32
ROWS = 2**15  # elements of several rows: a single image's are too short to be worth an operation each


class LRN(layers.LRN):
    """`minialex.layers.LRN`: across channels in blocks of rows of the map, within maps in blocks of channels."""

    def forward(self, a):
        self.accept(a)
        a = self._grouped(stored(self.device, a))
        b, scale = empty_like(self.device, a), empty_like(self.device, a)

        def work(start: int, stop: int) -> None:
            for block, terms, scratch, window_sum in self._blocks(a, start, stop):
                np.multiply(a[block], a[block], out=terms)
                sums = window_sum(scale[block])
                sums *= self.alpha
                sums += self.k
                self._power(sums, scratch, terms)
                np.divide(a[block], scratch, out=b[block])

        self._share(work, a)
        self.remember(a, b, scale)
        return self._shown(b)

    def backward(self, db):
        a, b, scale = self.recall(db)
        db = self._grouped(stored(self.device, db))
        da = empty_like(self.device, a)

        def work(start: int, stop: int) -> None:
            for block, terms, scratch, window_sum in self._blocks(a, start, stop):
                np.multiply(db[block], b[block], out=terms)
                terms /= scale[block]
                sums = window_sum(da[block])
                sums *= a[block]
                sums *= -2 * self.alpha * self.beta
                self._power(scale[block], scratch, terms)
                np.divide(db[block], scratch, out=scratch)
                sums += scratch

        self._share(work, a)
        return self._shown(da)

    def _grouped(self, a):
        """Return stored (H, C, W, N) as (H, G, C/G, W, N), G normalized apart: each map, or `groups`."""
        H, C, W, N = a.shape
        return a.reshape(H, C if self.across == "space" else self.groups, -1, W, N)

    def _shown(self, a):
        H, _, _, W, N = a.shape
        return shown(a.reshape(H, -1, W, N))

    def _share(self, work: Callable, a) -> None:
        """Share out the axis along which nothing is summed."""
        self.device.share(work, a.shape[1 if self.across == "space" else 0])

    def _blocks(self, a, start: int, stop: int) -> Iterator:
        """Yield for each block of a: its slice, two arrays of its shape, and what sums the first of them by windows."""
        return (blocks_of_maps if self.across == "space" else blocks_of_rows)(self.device, a, self.n, start, stop)

    def _power(self, scale, out, scratch) -> None:
        """Set out to scale ** beta."""
        if self.beta != 0.75:
            np.power(scale, self.beta, out=out)
            return
        np.sqrt(scale, out=out)  # scale**(1/2), and times its own root scale**(3/4)
        out *= np.sqrt(out, out=scratch)


def blocks_of_maps(device, a, n: int, start: int, stop: int) -> Iterator:
    """Yield blocks of the maps start..stop of a (H, C, 1, W, N), as many at a time as stay in the cache."""
    H, _, _, W, N = a.shape
    length = min(stop - start, max(1, BLOCK // (H * W * N)))
    workspace = device.empty((2, H, length, 1, W, N), a.dtype)
    for c in range(start, stop, length):
        maps = slice(c, min(c + length, stop))
        terms, scratch = workspace[:, :, : maps.stop - c]
        yield (slice(None), maps), terms, scratch, partial(sum_within_maps, terms, n, scratch)


def sum_within_maps(x, n: int, scratch, out):
    """Return out, the sums over n x n pixels of maps (H, C, 1, W, N): along the rows, then down; outside is zero."""
    for source, target in ((x.swapaxes(0, 3), scratch.swapaxes(0, 3)), (scratch, out)):
        target[...] = source
        for shift in range(1, min(n // 2, len(source) - 1) + 1):
            target[shift:] += source[:-shift]
            target[:-shift] += source[shift:]
    return out


def blocks_of_rows(device, a, n: int, start: int, stop: int) -> Iterator:
    """Yield blocks of the rows start..stop of a (H, G, C, W, N): several short rows at a time, or one long row."""
    _, G, C, W, N = a.shape
    length = min(stop - start, max(1, ROWS // a[0].size))
    edge = n // 2
    workspace = device.empty((2, length, G, edge + C + edge, W, N), a.dtype)
    workspace[0, :, :, :edge] = workspace[0, :, :, edge + C :] = 0
    for h in range(start, stop, length):
        rows = slice(h, min(h + length, stop))
        padded, scratch = workspace[:, : rows.stop - h]
        inside = padded[:, :, edge : edge + C]
        yield rows, inside, scratch[:, :, :C], partial(sum_across_channels, padded, n, scratch)


def sum_across_channels(padded, n: int, pairs, out):
    """Return out[c] = padded[c] + ... + padded[c + n - 1], for the rows (G, n // 2 + C + n // 2, W, N) of a block."""
    C = out.shape[2]
    if n < 5:
        out[...] = padded[:, :, :C]
        added = range(1, n)
    else:
        pairs = np.add(padded[:, :, :-1], padded[:, :, 1:], out=pairs[:, :, :-1])
        np.add(pairs[:, :, :C], pairs[:, :, 2 : C + 2], out=out)  # four of them
        added = range(4, n)
    for i in added:
        out += padded[:, :, i : i + C]
    return out

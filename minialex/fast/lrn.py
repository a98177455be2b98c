"""Local response normalization, fast."""

import numpy as np

from minialex import layers
from minialex.fast.layout import empty_like, shown, stored

BLOCK = 2**18  # numbers of several maps: 1 MB of float32
ROWS = 2**15  # numbers of several rows: a single image's are too short to be worth an operation each


class LRN(layers.LRN):
    """`minialex.layers.LRN`: across channels row by row of the map, within maps channel by channel.

    The window sum across channels by doubling: pairs, pairs of pairs, and one more: 3 additions for n = 5 instead of
    4; within maps along the rows, then down the columns: 2n additions instead of n * n. The power 3/4 is
    scale**(1/2) * scale**(1/4), two square roots, which cost a third of a power. Other betas take the power.
    """

    def forward(self, a):
        self.accept(a)
        device, a = self.device, stored(self.device, a)
        b, scale = empty_like(device, a), empty_like(device, a)

        def within_maps(start: int, stop: int) -> None:
            for own, (squares, spare) in self._blocks(a, start, stop):
                np.multiply(a[:, own], a[:, own], out=squares)
                self._finish(window_sum(squares, self.n, spare, scale[:, own]), squares, spare)
                np.divide(a[:, own], squares, out=b[:, own])

        def across_channels(start: int, stop: int) -> None:
            for own, sums, power, spare in self._row_blocks(a, start, stop):
                np.multiply(a[own], a[own], out=sums.terms)
                scale[own] = sums.total()
                self._finish(scale[own], power, spare)
                np.divide(a[own], power, out=b[own])

        self._share(within_maps, across_channels, a)
        self.remember(a, b, scale)
        return shown(b)

    def backward(self, db):
        (a, b, scale), device = self.recall(), self.device
        db = stored(device, db)
        da = empty_like(device, a)

        def within_maps(start: int, stop: int) -> None:
            for own, (terms, spare) in self._blocks(a, start, stop):
                np.multiply(db[:, own], b[:, own], out=terms)
                terms /= scale[:, own]
                sums = window_sum(terms, self.n, spare, da[:, own])
                sums *= a[:, own]
                sums *= -2 * self.alpha * self.beta
                self._power(scale[:, own], terms, spare)
                np.divide(db[:, own], terms, out=terms)
                sums += terms

        def across_channels(start: int, stop: int) -> None:
            for own, sums, power, spare in self._row_blocks(a, start, stop):
                np.multiply(db[own], b[own], out=sums.terms)
                sums.terms /= scale[own]
                np.multiply(sums.total(), a[own], out=da[own])
                da[own] *= -2 * self.alpha * self.beta
                self._power(scale[own], power, spare)
                np.divide(db[own], power, out=power)
                da[own] += power

        self._share(within_maps, across_channels, a)
        return shown(da)

    def _share(self, within_maps, across_channels, a) -> None:
        """By the axis along which nothing is added up."""
        if self.across == "space":
            self.device.share(within_maps, a.shape[1])
        else:
            self.device.share(across_channels, a.shape[0])

    def _blocks(self, a, start: int, stop: int):
        """A few channels of a (H, C, W, N) at a time, as many as stay in the cache, and two arrays of their size."""
        H, _, W, N = a.shape
        few = max(1, BLOCK // (H * W * N))
        scratch = np.empty((2, H, min(few, stop - start), W, N), a.dtype)
        for c in range(start, stop, few):
            own = slice(c, min(c + few, stop))
            yield own, scratch[:, :, : own.stop - c]

    def _row_blocks(self, a, start: int, stop: int):
        """A few rows of a at a time, or a long one; the arrays in which channels are added up; two more."""
        few = min(stop - start, max(1, ROWS // a[0].size))
        sums, power, spare = None, *np.empty((2, few, *a.shape[1:]), a.dtype)
        for h in range(start, stop, few):
            rows = min(few, stop - h)
            if sums is None or len(sums.terms) != rows:  # the last block may be shorter
                sums = WindowSum(self, rows, a)
            yield slice(h, h + rows), sums, power[:rows], spare[:rows]

    def _finish(self, sums, power, spare) -> None:
        """The window sums become scale = k + alpha * sum, in place, and power = scale ** beta."""
        sums *= self.alpha
        sums += self.k
        self._power(sums, power, spare)

    def _power(self, scale, out, spare) -> None:
        """out = scale ** beta."""
        if self.beta != 0.75:
            np.power(scale, self.beta, out=out)
            return
        np.sqrt(scale, out=out)  # scale**(1/2), and times its own root scale**(3/4)
        out *= np.sqrt(out, out=spare)


def window_sum(x, n: int, spare, out):
    """out = the sums over n x n pixels of maps (H, C, W, N), along the rows and then down; outside counts as zero."""
    for source, target in ((x.swapaxes(0, 2), spare.swapaxes(0, 2)), (spare, out)):
        target[...] = source
        for shift in range(1, min(n // 2, len(source) - 1) + 1):
            target[shift:] += source[:-shift]
            target[:-shift] += source[shift:]
    return out


class WindowSum:
    """Sums over n neighbouring channels of a few rows of the map, in each group apart.

    terms     0 0 | x0 x1 x2 ... | 0 0              between edges of zeros, n // 2 channels wide
    total[c] = terms[c - n//2] + ... + terms[c + n//2]
    """

    def __init__(self, lrn: LRN, rows: int, a):
        _, C, W, N = a.shape
        self.n, half, G = lrn.n, lrn.n // 2, lrn.groups
        self.padded = np.zeros((rows, G, C // G + 2 * half, W, N), a.dtype)
        self.inside = self.padded[:, :, half : half + C // G]
        self.terms = np.empty((rows, C, W, N), a.dtype) if G > 1 else self.inside[:, 0]
        self.pairs = np.empty((rows, G, C // G + 2 * half - 1, W, N), a.dtype)
        self.sum = np.empty(self.inside.shape, a.dtype)

    def total(self):
        if self.terms.base is not self.padded:
            self.inside[...] = self.terms.reshape(self.inside.shape)
        x, n, C = self.padded, self.n, self.inside.shape[2]
        if n == 1:
            self.sum[...] = x
        elif n == 3:
            np.add(x[:, :, :C], x[:, :, 1 : C + 1], out=self.sum)
            self.sum += x[:, :, 2 : C + 2]
        else:
            np.add(x[:, :, :-1], x[:, :, 1:], out=self.pairs)
            np.add(self.pairs[:, :, :C], self.pairs[:, :, 2 : C + 2], out=self.sum)  # four of them
            for i in range(4, n):
                self.sum += x[:, :, i : i + C]
        return self.sum.reshape(len(x), -1, *self.inside.shape[3:])

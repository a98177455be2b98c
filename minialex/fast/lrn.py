"""Local response normalization, fast."""

import numpy as np

from minialex import layers
from minialex.fast.layout import empty_like, shown, stored


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
            for c in range(start, stop):
                own = a[:, c]
                np.multiply(window_sum(own * own, self.n), self.alpha, out=scale[:, c])
                scale[:, c] += self.k
                self._power(scale[:, c], b[:, c])
                np.divide(own, b[:, c], out=b[:, c])

        def across_channels(start: int, stop: int) -> None:
            sums = WindowSum(self, a)
            power = np.empty(a.shape[1:], a.dtype)
            for h in range(start, stop):
                np.multiply(a[h], a[h], out=sums.terms)
                np.multiply(sums.total(), self.alpha, out=scale[h])
                scale[h] += self.k
                self._power(scale[h], power)
                np.divide(a[h], power, out=b[h])

        self._share(within_maps, across_channels, a)
        self.remember(a, b, scale)
        return shown(b)

    def backward(self, db):
        (a, b, scale), device = self.recall(), self.device
        db = stored(device, db)
        da = empty_like(device, a)

        def within_maps(start: int, stop: int) -> None:
            for c in range(start, stop):
                sums = window_sum(db[:, c] * b[:, c] / scale[:, c], self.n)
                sums *= -2 * self.alpha * self.beta
                sums *= a[:, c]
                self._power(scale[:, c], da[:, c])
                np.divide(db[:, c], da[:, c], out=da[:, c])
                da[:, c] += sums

        def across_channels(start: int, stop: int) -> None:
            sums = WindowSum(self, a)
            power = np.empty(a.shape[1:], a.dtype)
            for h in range(start, stop):
                np.multiply(db[h], b[h], out=sums.terms)
                sums.terms /= scale[h]
                np.multiply(sums.total(), a[h], out=da[h])
                da[h] *= -2 * self.alpha * self.beta
                self._power(scale[h], power)
                np.divide(db[h], power, out=power)
                da[h] += power

        self._share(within_maps, across_channels, a)
        return shown(da)

    def _share(self, within_maps, across_channels, a) -> None:
        """By the axis along which nothing is added up."""
        if self.across == "space":
            self.device.share(within_maps, a.shape[1])
        else:
            self.device.share(across_channels, a.shape[0])

    def _power(self, scale, out) -> None:
        """out = scale ** beta."""
        if self.beta != 0.75:
            np.power(scale, self.beta, out=out)
            return
        np.sqrt(scale, out=out)  # scale**(1/2), and times its own root scale**(3/4)
        out *= np.sqrt(out)


def window_sum(x, n: int):
    """The sums over n x n pixels of maps (H, W, N), along the rows and then down; outside counts as zero."""
    for axis in (1, 0):
        x, whole = np.moveaxis(x, axis, 0), np.moveaxis(x.copy(), axis, 0)
        for shift in range(1, min(n // 2, len(x) - 1) + 1):
            whole[shift:] += x[:-shift]
            whole[:-shift] += x[shift:]
        x = np.moveaxis(whole, 0, axis)
    return x


class WindowSum:
    """Sums over n neighbouring channels of one row of the map, in each group apart.

    terms     0 0 | x0 x1 x2 ... | 0 0              between edges of zeros, n // 2 channels wide
    total[c] = terms[c - n//2] + ... + terms[c + n//2]
    """

    def __init__(self, lrn: LRN, a):
        _, C, W, N = a.shape
        self.n, half, G = lrn.n, lrn.n // 2, lrn.groups
        self.padded = np.zeros((G, C // G + 2 * half, W, N), a.dtype)
        self.inside = self.padded[:, half : half + C // G]
        self.terms = np.empty((C, W, N), a.dtype) if G > 1 else self.inside[0]
        self.shape = (G, C // G, W, N)
        self.pairs = np.empty((G, C // G + 2 * half - 1, W, N), a.dtype)
        self.sum = np.empty(self.shape, a.dtype)

    def total(self):
        if self.terms.base is not self.padded:
            self.inside[...] = self.terms.reshape(self.shape)
        x, n, C = self.padded, self.n, self.shape[1]
        if n == 1:
            self.sum[...] = x
        elif n == 3:
            np.add(x[:, :C], x[:, 1 : C + 1], out=self.sum)
            self.sum += x[:, 2 : C + 2]
        else:
            np.add(x[:, :-1], x[:, 1:], out=self.pairs)
            np.add(self.pairs[:, :C], self.pairs[:, 2 : C + 2], out=self.sum)  # four of them
            for i in range(4, n):
                self.sum += x[:, i : i + C]
        return self.sum.reshape(-1, *self.shape[2:])

"""Local response normalization, fast."""

import numpy as np

from minialex import layers
from minialex.fast.layout import empty_like, shown, stored


class LRN(layers.LRN):
    """`minialex.layers.LRN` across channels, row by row of the map.

    The window sum by doubling: pairs, pairs of pairs, and one more: 3 additions for n = 5 instead of 4. The power 3/4
    by v = sqrt(sqrt(scale)), b = a / v**3: two square roots cost a third of a power. Other betas take the power.
    Within maps (across="space") it is the textbook's.
    """

    def forward(self, a):
        self.accept(a)
        if self.across == "space":
            return super().forward(a)
        device, a = self.device, stored(self.device, a)
        b, scale = empty_like(device, a), empty_like(device, a)

        def work(start: int, stop: int) -> None:
            sums = WindowSum(self, a)
            power = np.empty(a.shape[1:], a.dtype)
            for h in range(start, stop):
                np.multiply(a[h], a[h], out=sums.terms)
                np.multiply(sums.total(), self.alpha, out=scale[h])
                scale[h] += self.k
                self._power(scale[h], power)
                np.divide(a[h], power, out=b[h])

        device.share(work, len(a))
        self.remember(a, b, scale)
        return shown(b)

    def backward(self, db):
        if self.across == "space":
            return super().backward(db)
        (a, b, scale), device = self.recall(), self.device
        db = stored(device, db)
        da = empty_like(device, a)

        def work(start: int, stop: int) -> None:
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

        device.share(work, len(a))
        return shown(da)

    def _power(self, scale, out) -> None:
        """out = scale ** beta."""
        if self.beta != 0.75:
            np.power(scale, self.beta, out=out)
            return
        np.sqrt(scale, out=out)  # scale**(1/2), and times its own root scale**(3/4)
        out *= np.sqrt(out)


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

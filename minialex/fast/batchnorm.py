"""Batch normalization, fast: a few channels at a time, which stay in the cache from their sums to the result.

Work is shared by channels: each is summed by one worker, the same bits in every run. The variance is that of centred
values, as in the textbook; a sum of products is a product of rows, in half the time of a sum.

Measured (CPU time, one worker): 32 maps of 32x32, batch 128, 35 and 34 ms forward and backward in the textbook, 8 and 9
here.
"""

from collections.abc import Callable

import numpy as np

from minialex import variants
from minialex.fast.layout import empty_like, shown, stored

BLOCK = 2**17  # elements of a block of maps: 0.5 MB of float32


class BatchNorm(variants.BatchNorm):
    """`minialex.variants.BatchNorm` in blocks of channels; x is kept for backward, and no normalized copy of it."""

    def forward(self, x):
        self.accept(x)
        n, training = self._values_a_channel(x), self.training
        x = stored(self.device, x)
        y = empty_like(self.device, x)
        mean, var = (np.array(self.buffers[key], x.dtype) for key in ("mean", "var"))  # copies: training fills them
        W, b = (array.astype(x.dtype, copy=False) for array in (self._gamma(x.dtype), self.params["b"]))

        def work(c: slice, x, y) -> None:
            if training:
                mean[c] = np.sum(x, axis=(0, 2)) / n
            np.subtract(x, mean[c, None], out=y)
            if training:
                var[c] = sum_of_products(y, y) / n
            y *= (W[c] / np.sqrt(var[c] + self.eps))[:, None]
            y += b[c, None]

        self._share(work, x, y)
        if training:
            self._keep(mean, var, n)
        self.remember(x, mean, var, n, training)
        return shown(y)

    def backward(self, dy):
        # As in the textbook, with xhat = scale * (x - mean) and both sums over the channel written out:
        #     dx = W * scale * (dy - db / n - (x - mean) * scale * dW / n)
        x, mean, var, n, trained = self.recall(dy)
        dy = stored(self.device, dy)
        dx = empty_like(self.device, dy)
        scale = 1 / np.sqrt(var + self.eps)
        factor = self._gamma(dy.dtype).astype(dy.dtype, copy=False) * scale
        dW, db = np.empty_like(mean), np.empty_like(mean)

        def work(c: slice, x, dy, dx) -> None:
            np.subtract(x, mean[c, None], out=dx)
            dW[c] = sum_of_products(dy, dx) * scale[c]
            db[c] = np.sum(dy, axis=(0, 2))
            if not trained:
                np.multiply(dy, factor[c, None], out=dx)
                return
            dx *= (-scale[c] * dW[c] / n)[:, None]
            dx += dy
            dx -= (db[c] / n)[:, None]
            dx *= factor[c, None]

        self._share(work, x, dy, dx)
        self._set_gradients(dW, db)
        return shown(dx)

    def _share(self, work: Callable, *arrays) -> None:
        """Call `work` on blocks of channels: their slice, and these channels of each stored array, (H, c, W * N)."""
        arrays = tuple(a.reshape(len(a) if a.ndim == 4 else 1, self.channels, -1) for a in arrays)
        length = max(1, BLOCK * self.channels // arrays[0].size)

        def blocks(start: int, stop: int) -> None:
            for first in range(start, stop, length):
                c = slice(first, min(first + length, stop))
                work(c, *(a[:, c] for a in arrays))

        self.device.share(blocks, self.channels)


def sum_of_products(a, b):
    """Return the sum of a * b for each channel, of arrays (H, C, W * N)."""
    return np.sum(np.vecdot(a, b), axis=0)

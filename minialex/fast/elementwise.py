"""ReLU on flat memory, in pieces that stay in the cache.

Measured: relu1 of the 80sec net 3 and 20 ms forward and backward in the textbook, 1 and 2 here.
"""

import numpy as np

from minialex import layers
from minialex.fast.layout import bits, empty_like, shown, stored

PIECE = 2**15  # elements: 128 KB of float32


class ReLU(layers.ReLU):
    """`minialex.layers.ReLU`; the output itself is kept for backward, and no mask: y > 0 wherever x > 0."""

    def forward(self, x):
        self.accept(x)
        x = stored(self.device, x) if x.ndim in (2, 4) else np.ascontiguousarray(x)
        y = empty_like(self.device, x)
        flat_x, flat_y = x.reshape(-1), y.reshape(-1)
        zeros = np.zeros(PIECE, x.dtype)  # the maximum with an array of zeros is four times as fast as with 0

        def work(start: int, stop: int) -> None:
            for i in range(start, stop, PIECE):
                piece = slice(i, min(i + PIECE, stop))
                np.maximum(flat_x[piece], zeros[: piece.stop - i], out=flat_y[piece])

        self.device.share(work, x.size, least=PIECE)
        self.remember(y)
        return shown(y) if y.ndim in (2, 4) else y

    def backward(self, dy):
        y = self.recall(dy)
        dy = stored(self.device, dy) if dy.ndim in (2, 4) else np.ascontiguousarray(dy)
        dx = empty_like(self.device, dy)
        flat_y, flat_dy, flat_dx = y.reshape(-1), bits(dy.reshape(-1)), bits(dx.reshape(-1))

        def work(start: int, stop: int) -> None:
            masks = np.empty(PIECE, bool)
            for i in range(start, stop, PIECE):
                piece = slice(i, min(i + PIECE, stop))
                active = np.greater(flat_y[piece], 0, out=masks[: piece.stop - i])
                np.multiply(flat_dy[piece], active, out=flat_dx[piece])

        self.device.share(work, dy.size, least=PIECE)
        return shown(dx) if dx.ndim in (2, 4) else dx

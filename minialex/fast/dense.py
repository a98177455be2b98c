"""The fully-connected layer, features first."""

import numpy as np

from minialex import layers
from minialex.fast.layout import shown, stored

PRODUCT = 2**22  # multiply-adds: a tenth of a millisecond, what it costs to hand them over to a thread


class Dense(layers.Dense):
    """`minialex.layers.Dense` with vectors stored as columns: y (out, N) = W (out, in) @ x (in, N) + b.

    W is read row by row as it is stored, and rows of W, of dW and of dx are shared out. Small products too: if BLAS
    shared one out itself, its threads would spin for a tenth of a second on the cores that the next layers need.

    Measured: fc6 of the paper's net, batch 128, 57 and 114 ms forward and backward in the textbook, 56 and 111 here.
    """

    def forward(self, x):
        self.accept(x)
        x = stored(self.device, x)
        W, b = (self.params[key].astype(x.dtype, copy=False) for key in "Wb")
        y = self.device.empty((len(W), x.shape[1]), x.dtype)

        def work(start: int, stop: int) -> None:
            np.matmul(W[start:stop], x, out=y[start:stop])
            y[start:stop] += b[start:stop, None]

        self.device.share(work, len(W), least=worth_a_thread(x))
        self.remember(x)
        return shown(y)

    def backward(self, dy):
        x, dy = self.recall(dy), stored(self.device, dy)
        W = self.params["W"].astype(dy.dtype, copy=False)
        self.grads.clear()  # their memory is reused for the new ones, unless a reference to it is kept
        self.grads["W"] = dW = self.device.empty(W.shape, dy.dtype)
        self.grads["b"] = np.sum(dy, axis=1)

        def weights(start: int, stop: int) -> None:
            np.matmul(dy[start:stop], x.T, out=dW[start:stop])

        self.device.share(weights, len(W), least=worth_a_thread(x))
        if not self.input_gradient:
            return None
        dx = self.device.empty(x.shape, dy.dtype)

        def inputs(start: int, stop: int) -> None:
            np.matmul(W[:, start:stop].T, dy, out=dx[start:stop])

        self.device.share(inputs, len(dx), least=worth_a_thread(dy))
        return shown(dx)


def worth_a_thread(x) -> int:
    """Return how many rows of a matrix must be multiplied by x before a thread for them pays."""
    return max(1, PRODUCT // x.size)

"""The fully-connected layer, features first."""

import numpy as np

from minialex import layers
from minialex.fast.layout import shown, stored

WORTH = 2**22  # multiply-adds from which a product is worth sharing out: handing over costs some 50 us


class Dense(layers.Dense):
    """`minialex.layers.Dense` with vectors stored as columns: y (out, N) = W (out, in) @ x (in, N) + b.

    W is read row by row as it is kept, and rows of W, of dW and of dx are shared out.
    """

    def forward(self, x):
        self.accept(x)
        x = stored(self.device, x)
        W, b = (self.params[key].astype(x.dtype, copy=False) for key in "Wb")
        y = self.device.empty((len(W), x.shape[1]), x.dtype)

        def work(start: int, stop: int) -> None:
            np.matmul(W[start:stop], x, out=y[start:stop])
            y[start:stop] += b[start:stop, None]

        self._share(work, len(W), W.size * x.shape[1])
        self.remember(x)
        return shown(y)

    def backward(self, dy):
        x, dy = self.recall(), stored(self.device, dy)
        W = self.params["W"].astype(dy.dtype, copy=False)
        self.grads["W"] = dW = self.device.empty(W.shape, dy.dtype)
        self.grads["b"] = np.sum(dy, axis=1)

        def weights(start: int, stop: int) -> None:
            np.matmul(dy[start:stop], x.T, out=dW[start:stop])

        self._share(weights, len(W), W.size * x.shape[1])
        if not self.input_gradient:
            return None
        dx = self.device.empty(x.shape, dy.dtype)

        def inputs(start: int, stop: int) -> None:
            np.matmul(W[:, start:stop].T, dy, out=dx[start:stop])

        self._share(inputs, len(dx), W.size * x.shape[1])
        return shown(dx)

    def _share(self, work, n: int, multiply_adds: int) -> None:
        if multiply_adds < WORTH:
            work(0, n)
        else:
            self.device.share(work, n)

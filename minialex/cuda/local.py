"""Local layers: the products of all positions of a row in one call.

As in `unfolded.py`, rows are unfolded along W. The columns of the window at (h, w) then lie in the K rows of u under h,
N elements in each of K*C*K runs of S * N, where S is the side of y; those of the next window begin N further on:

    cols[w]   (K*C*K, N), rows S * N apart, beginning at u[h, 0, 0, w]
    y[h, :, w] = W[h, w] @ cols[w] + b[:, h, w]

Windows of one row have no column of du in common, so that their gradients can be added in one call; those of the next
row come after them.
"""

from typing import Any

from minialex import variants
from minialex.cuda.launch import launch
from minialex.cuda.layout import grid, shown, stored
from minialex.cuda.product import product
from minialex.cuda.unfolded import unfold


class Local2D(variants.Local2D):
    """`minialex.variants.Local2D`; x is kept for backward unfolded along W, and not by K*K columns."""

    def forward(self, x):
        N, O, S, _ = self.accept(x)
        W, b = (self.params[key].astype(x.dtype, copy=False) for key in "Wb")
        W = self._by_rows_of_kernel(W)
        u = unfold(self.device, x.transpose(2, 1, 3, 0), self.kernel, 1, (self.pad, self.pad), 1, S)[0]
        y = self.device.empty((S, O, S, N), x.dtype)
        for h in range(S):
            product(self.device, y[h].transpose(1, 0, 2), W[h], self._columns(u, h))
        y += b.transpose(1, 0, 2)[..., None]
        self.remember(u)
        return shown(y)

    def backward(self, dy):
        u = self.recall(dy)
        dy, xp, C, K = stored(self.device, dy, u.dtype), self.device.xp, self.in_channels, self.kernel
        S, O, _, N = dy.shape
        self.grads["b"] = xp.ascontiguousarray(xp.sum(dy, axis=3).transpose(1, 0, 2))
        dW = self.device.empty((S, S, O, K * C * K), u.dtype)
        for h in range(S):
            product(self.device, dW[h], dy[h].transpose(1, 0, 2), self._columns(u, h).transpose(0, 2, 1))
        dW = xp.ascontiguousarray(dW.reshape(S * S, O, K, C, K).transpose(0, 1, 3, 2, 4))
        self.grads["W"] = dW.reshape(S * S, O, -1)
        if not self.input_gradient:
            return None
        du = self.device.zeros(u.shape, u.dtype)
        W = self._by_rows_of_kernel(self.params["W"].astype(u.dtype, copy=False))
        for h in range(S):
            product(self.device, self._columns(du, h), W[h].transpose(0, 2, 1), dy[h].transpose(1, 0, 2), add=True)
        dx = self.device.empty((self.side, C, self.side, N), u.dtype)
        launch(self.device, "fold", grid(dx), du, dx, self.side, N, S, K, 1, self.pad, len(u), C)
        return shown(dx)

    def _by_rows_of_kernel(self, W) -> Any:
        """Return W (S*S, O, C*K*K) as (S, S, O, K*C*K): ordered as the rows under the kernel, for each position."""
        S, C, K, O = self.windows, self.in_channels, self.kernel, self.out_channels
        return W.reshape(S * S, O, C, K, K).transpose(0, 1, 3, 2, 4).reshape(S, S, O, -1)

    def _columns(self, u, h: int) -> Any:
        """Return the columns of each window of row h, in u (rows, C, K, S, N): (S, K*C*K, N), a view."""
        _, C, K, S, N = u.shape
        strides = (N * u.itemsize, S * N * u.itemsize, u.itemsize)
        return self.device.xp.lib.stride_tricks.as_strided(u[h:], (S, K * C * K, N), strides)

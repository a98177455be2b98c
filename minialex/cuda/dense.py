"""The fully-connected layer, features first: three products."""

from typing import Any

from minialex import layers
from minialex.cuda.launch import launch
from minialex.cuda.layout import shown, stored
from minialex.cuda.product import product
from minialex.devices import Device


class Dense(layers.Dense):
    """`minialex.layers.Dense` with vectors stored as columns: y (out, N) = W (out, in) @ x (in, N) + b.

    W, x and dy are multiplied as they lie, transposed or not.
    """

    def forward(self, x):
        self.accept(x)
        x = as_it_lies(self.device, x, x.dtype)
        W, b = (self.params[key].astype(x.dtype, copy=False) for key in "Wb")
        y = self.device.empty((len(W), x.shape[1]), x.dtype)
        product(self.device, y[None], W[None], x[None])
        launch(self.device, "add_bias", (1, *y.shape), y, b, y.shape[1])
        self.remember(x)
        return shown(y)

    def backward(self, dy):
        x = self.recall(dy)
        dy = as_it_lies(self.device, dy, x.dtype)
        W = self.params["W"].astype(x.dtype, copy=False)
        dW = self.device.empty(W.shape, x.dtype)
        product(self.device, dW[None], dy[None], x.T[None])
        self.grads["W"], self.grads["b"] = dW, self.device.xp.sum(dy, axis=1)
        if not self.input_gradient:
            return None
        dx = self.device.empty(x.shape, x.dtype)
        product(self.device, dx[None], W.T[None], dy[None])
        return shown(dx)


def as_it_lies(device: Device, x: Any, dtype: Any) -> Any:
    """Return vectors (N, F) as (F, N), a view where x lies by rows or by columns; only with gaps in it, a copy."""
    x = x.astype(dtype, copy=False)
    return x.T if x.flags.c_contiguous else stored(device, x)

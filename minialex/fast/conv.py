"""The convolutional layer, fast."""

from types import ModuleType

import numpy as np

from minialex import layers
from minialex.fast import unfolded, windows, winograd
from minialex.fast.layout import shown, stored


class Conv2D(layers.Conv2D):
    """`minialex.layers.Conv2D`, by rows of all images together.

    Three forms, the fastest is chosen: `windows.py`, `winograd.py`, and `unfolded.py` for strides and few channels.
    Only the input itself is kept for backward: the columns of the whole batch never exist.
    """

    def forward(self, x):
        N, C_out, OH, OW = self.accept(x)
        device, before, stride = self.device, self.pad[0], self.stride
        x = stored(device, x)
        y = device.empty((OH, C_out, OW, N), x.dtype)
        W, b = self._parameters(x.dtype)
        for x_group, W_group, y_group, b_group in zip(
            self._parts(x, 1), self._parts(W, 0), self._parts(y, 1), self._parts(b, 0), strict=True
        ):
            product = form(x_group, y_group, self.kernel, stride, before)
            product.correlate(device, x_group, W_group, stride, before, y_group, b_group)
        self.remember(x)
        return shown(y)

    def backward(self, dy):
        x, device, before, K, stride = self.recall(dy), self.device, self.pad[0], self.kernel, self.stride
        dy = stored(device, dy)
        W, _ = self._parameters(dy.dtype)
        self.grads["b"] = bias_gradient(device, dy)
        groups = list(zip(self._parts(x, 1), self._parts(dy, 1), self._parts(W, 0), strict=True))
        dW = [form(a, d, K, stride, before).weight_gradient(device, a, d, K, stride, before) for a, d, _ in groups]
        self.grads["W"] = dW[0] if len(dW) == 1 else np.concat(dW)
        return shown(self._input_gradient(x, groups)) if self.input_gradient else None

    def _input_gradient(self, x, groups):
        dx = self.device.empty(x.shape, x.dtype)
        for (_, dy, W), dx_group in zip(groups, self._parts(dx, 1), strict=True):
            if self.stride > 1:
                unfolded.input_gradient(self.device, dy, W, self.stride, self.pad[0], dx_group)
            else:  # the kernel flipped, its inputs and outputs exchanged
                flipped = np.ascontiguousarray(W[:, :, ::-1, ::-1].transpose(1, 0, 2, 3))
                no_bias = np.zeros(len(flipped), dx.dtype)
                before = self.kernel - 1 - self.pad[0]
                product = form(dy, dx_group, self.kernel, 1, before)
                product.correlate(self.device, dy, flipped, 1, before, dx_group, no_bias)
        return dx

    def _parameters(self, dtype):
        return (self.params[key].astype(dtype, copy=False) for key in "Wb")

    def _parts(self, array, axis: int) -> list:
        return np.split(array, self.groups, axis=axis)


def form(x, y, kernel: int, stride: int, before: int) -> ModuleType:
    """Return the fastest of the three forms from x (H, C, W, N) to y (OH, O, OW, N)."""
    (_, C, _, N), (OH, O, OW, _) = x.shape, y.shape
    if winograd.pays(kernel, stride, before, C, O, OH, OW, N):
        return winograd
    return unfolded if stride > 1 or is_thin(C, kernel) else windows  # strided windows have no rows in common


def is_thin(C: int, kernel: int) -> bool:
    """Tell whether channels are so few that the rows under a kernel make a thin matrix: then rows are unfolded."""
    return C * kernel < 32


def bias_gradient(device, dy) -> np.ndarray:
    """Return the sum of dy (OH, O, OW, N) over rows, columns and images."""
    OH, O, OW, N = dy.shape
    rows = device.empty((OH, O), dy.dtype)

    def work(start: int, stop: int) -> None:
        np.sum(dy[start:stop].reshape(stop - start, O, OW * N), axis=2, out=rows[start:stop])

    device.share(work, OH)
    return np.sum(rows, axis=0)

"""Layers that treat each element by itself: one launch forward, one backward."""

from typing import Any

from minialex import layers
from minialex.cuda.launch import launch
from minialex.cuda.layout import shown, stored
from minialex.layer import Layer


class Elementwise(Layer):
    """Base of the activations: y is kept for backward, since their derivatives can be written by it."""

    kernels: tuple[str, str]  # forward and backward: kernels of `kernels.cu`

    def forward(self, x):
        self.accept(x)
        x = stored(self.device, x)
        y = self.device.empty(x.shape, x.dtype)
        launch(self.device, self.kernels[0], (1, 1, y.size), x, y, y.size)
        self.remember(y)
        return shown(y)

    def backward(self, dy):
        y = self.recall(dy)
        dy = stored(self.device, dy, y.dtype)
        dx = self.device.empty(y.shape, y.dtype)
        launch(self.device, self.kernels[1], (1, 1, dx.size), dy, y, dx, dx.size)
        return shown(dx)


class ReLU(Elementwise, layers.ReLU):
    """`minialex.layers.ReLU`, by the kernels relu_forward and relu_backward."""

    kernels = "relu_forward", "relu_backward"


class Tanh(Elementwise, layers.Tanh):
    """`minialex.layers.Tanh`, by the kernels tanh_forward and tanh_backward."""

    kernels = "tanh_forward", "tanh_backward"


class Sigmoid(Elementwise, layers.Sigmoid):
    """`minialex.layers.Sigmoid`, by the kernels sigmoid_forward and sigmoid_backward."""

    kernels = "sigmoid_forward", "sigmoid_backward"


class Dropout(layers.Dropout):
    """`minialex.layers.Dropout`, its mask drawn on the host in the same order: the same units are dropped.

    The mask is sent as bytes, and put into the order of the stored array on the GPU.
    """

    def _masked(self, x: Any, keep: Any, scale: float) -> Any:
        if keep is None:
            return shown(stored(self.device, x) * scale)
        x, keep = stored(self.device, x), stored(self.device, keep)
        y = self.device.empty(x.shape, x.dtype)
        launch(self.device, "dropout", (1, 1, y.size), x, keep, y, scale, y.size)
        return shown(y)

"""Pooling: one launch forward, one backward."""

from minialex import layers
from minialex.cuda.launch import launch
from minialex.cuda.layout import grid, shown, stored

LARGEST = 16  # kernels with at most 256 taps: which of them was the maximum is one byte


class MaxPool(layers.MaxPool):
    """`minialex.layers.MaxPool`; a byte for each output is kept for backward, and neither x nor y.

    Kernels of more than 16 x 16 pixels are the textbook's.
    """

    def forward(self, x):
        if self.kernel > LARGEST:
            return super().forward(x)
        N, C, OH, OW = self.accept(x)
        x = stored(self.device, x)
        y = self.device.empty((OH, C, OW, N), x.dtype)
        tap = self.device.empty(y.shape, "uint8")
        launch(self.device, "maxpool_forward", grid(y), x, y, tap, *x.shape, OW, self.kernel, self.stride)
        self.remember(tap, x.shape, x.dtype)
        return shown(y)

    def backward(self, dy):
        if self.kernel > LARGEST:
            return super().backward(dy)
        tap, shape, dtype = self.recall(dy)
        dy, dx = stored(self.device, dy, dtype), self.device.empty(shape, dtype)
        (OH, _, OW, _), (_, *maps) = dy.shape, shape
        launch(self.device, "maxpool_backward", grid(dx), dy, tap, dx, *maps, OH, OW, self.kernel, self.stride)
        return shown(dx)


class AvgPool(layers.AvgPool):
    """`minialex.layers.AvgPool`; nothing but the shape of x is kept for backward."""

    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        x = stored(self.device, x)
        y = self.device.empty((OH, C, OW, N), x.dtype)
        launch(self.device, "avgpool_forward", grid(y), x, y, *x.shape, OW, self.kernel, self.stride)
        self.remember(x.shape, x.dtype)
        return shown(y)

    def backward(self, dy):
        shape, dtype = self.recall(dy)
        dy, dx = stored(self.device, dy, dtype), self.device.empty(shape, dtype)
        OH, _, OW, _ = dy.shape
        launch(self.device, "avgpool_backward", grid(dx), dy, dx, *shape, OH, OW, self.kernel, self.stride)
        return shown(dx)

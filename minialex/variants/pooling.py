"""Pooling of after 2012: the mean of a whole map; and padding, for pooling that keeps the size."""

from minialex.checks import check_image_shape, check_integers
from minialex.layer import Layer
from minialex.layers.im2col import pad_maps


class GlobalAvgPool(Layer):
    """A variant, not in AlexNet: each map becomes its mean, in place of the dense layers' first weights (2013).

        y[n, c] = mean of x[n, c, h, w] over h and w            dx[n, c, h, w] = dy[n, c] / (H * W)

    Shapes: (N, C, H, W) -> (N, C).
    Source: M. Lin, Q. Chen and S. Yan, "Network In Network" (2013).
    """

    def output_shape(self, shape: tuple) -> tuple:
        check_image_shape(self.label, shape)
        return (shape[0],)

    def forward(self, x):
        self.accept(x)
        self.remember(x.shape)
        return self.device.xp.mean(x, axis=(2, 3))

    def backward(self, dy):
        xp, (N, C, H, W) = self.device.xp, self.recall(dy)
        return xp.positive(xp.broadcast_to(xp.reshape(dy / (H * W), (N, C, 1, 1)), (N, C, H, W)))


class Pad(Layer):
    """A variant, not in AlexNet: rows and columns of one value around each map, so that pooling keeps the size.

        y = x inside, value outside            dx = the inside of dy

    Shapes: (N, C, H, W) -> (N, C, H + 2 * size, W + 2 * size).
    Args:   size, of each edge; value: -inf before `MaxPool`, where padding is never the maximum; 0 before `AvgPool`,
            which then counts it in the mean.
    """

    def __init__(self, size: int, *, value: float = 0.0):
        super().__init__()
        check_integers(self.label, 0, size=size)
        self.size, self.value = size, float(value)

    def output_shape(self, shape: tuple) -> tuple:
        check_image_shape(self.label, shape)
        C, H, W = shape
        return (C, H + 2 * self.size, W + 2 * self.size)

    def forward(self, x):
        self.accept(x)
        self.remember(x.shape)
        return self.device.xp.positive(pad_maps(self.device.xp, x, self.size, self.size, self.value))

    def backward(self, dy):
        _, _, H, W = self.recall(dy)
        return self.device.xp.positive(dy[:, :, self.size : self.size + H, self.size : self.size + W])

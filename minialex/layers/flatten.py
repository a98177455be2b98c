"""From feature maps to feature vectors."""

from math import prod

from minialex.layer import Layer


class Flatten(Layer):
    """Feature maps as one vector an image, for the dense layers (section 3.5).

        y[n, (c * H + h) * W + w] = x[n, c, h, w]

    Shapes: (N, C, H, W) -> (N, C*H*W).
    """

    def output_shape(self, shape: tuple) -> tuple:
        return (prod(shape),)

    def forward(self, x):
        shape = self.accept(x)
        self.remember(x.shape)
        return self.device.xp.reshape(x, shape)

    def backward(self, dy):
        xp = self.device.xp
        return xp.positive(xp.reshape(dy, self.recall(dy)))  # positive: a copy, since dy belongs to the caller

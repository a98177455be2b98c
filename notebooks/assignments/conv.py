"""The convolutional layer (section 3.5 of the paper). Check it with: minialex grade conv.py"""

import numpy as np

from minialex import Layer


class Conv2D(Layer):
    """Convolutional layer: the same weights at every window of the image.

        y[n, o, h, w] = b[o] + sum over c, i, j of W[o, c, i, j] * padded[n, c, stride * h + i, stride * w + j]

    `padded` is x with `pad` rows and columns of zeros on each side. Each x is read by several windows, so dx is a sum:
    every window adds its part, and the padding is cut off at the end.

    With groups=2, as on the paper's two GPUs, the first half of the kernels reads the first half of the channels, the
    second half the second; c then counts the channels of a group.

    Shapes: x (N, C_in, H, W) -> y (N, C_out, OH, OW), OH = 1 + (H + 2 * pad - K) // stride, and OW alike;
            W (C_out, C_in / groups, K, K), b (C_out,).

    By hand: x = [[1, 0, 2], [0, 3, 0], [4, 0, 1]], W = [[1, 2], [-1, 1]] and b = 0.5 give y = [[4.5, 1.5], [2.5, 4.5]].
    Loops over h and w are allowed. Begin with stride 1, no pad and one group: each has its own check.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int,
        *, stride: int = 1, pad: int = 0, groups: int = 1, std: float = 0.01, rng: np.random.Generator,
    ):  # fmt: skip
        super().__init__()
        self.kernel, self.stride, self.pad, self.groups = kernel, stride, pad, groups
        shape = (out_channels, in_channels // groups, kernel, kernel)
        self.params["W"] = rng.standard_normal(shape, dtype="float32") * std
        self.params["b"] = np.zeros(out_channels, dtype="float32")

    def output_shape(self, shape):
        """Return (C_out, OH, OW) for (C_in, H, W)."""
        raise NotImplementedError

    def forward(self, x):
        # New arrays have the dtype of x: np.zeros(..., dtype=x.dtype).
        raise NotImplementedError

    def backward(self, dy):
        # dW and db sum over all images and windows; dx has the shape of x, without the padding.
        raise NotImplementedError

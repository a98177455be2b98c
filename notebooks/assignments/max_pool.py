"""Max pooling (section 3.4 of the paper). Check it with: minialex grade max_pool.py"""

import numpy as np

from minialex import Layer


class MaxPool(Layer):
    """Max pooling: the largest element of each window of kernel x kernel pixels, `stride` apart.

        y[n, c, h, w] = max over i, j of x[n, c, stride * h + i, stride * w + j]

    dx has each dy at the position of the window's maximum; of several equal ones, at the first, row by row. In the
    paper windows overlap (kernel 3, stride 2), so one x can be the maximum of several windows: their dy are added.

    Shapes: (N, C, H, W) -> (N, C, OH, OW), OH = 1 + (H - kernel) // stride: rows that fill no window are left out.

    By hand, kernel 2 and stride 1: x = [[1, 5, 2], [5, 3, 0], [4, 6, 6]] gives y = [[5, 5], [6, 6]],
             and then dy = [[1, 2], [3, 4]] gives dx = [[0, 3, 0], [0, 0, 0], [0, 7, 0]].
    """

    def __init__(self, kernel: int = 3, stride: int = 2):
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def output_shape(self, shape):
        """Return (C, OH, OW) for (C, H, W)."""
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError

    def backward(self, dy):
        raise NotImplementedError

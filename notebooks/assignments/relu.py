"""The rectified linear unit (section 3.1 of the paper). Check it with: minialex grade relu.py"""

import numpy as np

from minialex import Layer


class ReLU(Layer):
    """Rectified linear unit: what is negative becomes 0.

        y = max(x, 0)            dx = dy where x > 0, else 0

    Shapes: any; y and dx as x.

    By hand: x = [[-2, -0.5, 0.25, 3]] gives y = [[0, 0, 0.25, 3]],
             and then dy = [[5, -6, -7, 8]] gives dx = [[0, 0, -7, 8]].
    """

    def forward(self, x):
        # Make a new array: x belongs to the caller. self.remember(...) keeps what backward will need.
        raise NotImplementedError

    def backward(self, dy):
        # self.recall() returns what forward has remembered. Make a new array here too.
        raise NotImplementedError

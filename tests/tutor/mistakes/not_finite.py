# log of a negative number.
import numpy as np

from minialex import Layer


class Square(Layer):
    def forward(self, x):
        self.remember(x)
        return np.log(np.abs(x) * (x > 0))

    def backward(self, dy):
        x = self.recall()
        return 2 * x * dy


def example(rng):
    return Square(), rng.standard_normal((5, 4))

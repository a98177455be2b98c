# A parameter that is a number and no array.
import numpy as np

from minialex import Layer


class Leaky(Layer):
    def __init__(self):
        super().__init__()
        self.params["a"] = 0.1

    def forward(self, x):
        self.remember(x)
        return np.where(x > 0, x, 0.1 * x)

    def backward(self, dy):
        x = self.recall()
        return np.where(x > 0, dy, 0.1 * dy)


def example(rng):
    return Leaky(), rng.standard_normal((5, 4))

# ReLU in place.
import numpy as np

from minialex import Layer


class Leaky(Layer):
    def forward(self, x):
        self.remember(x)
        x[x < 0] *= 0.1
        return x

    def backward(self, dy):
        x = self.recall()
        return np.where(x > 0, dy, 0.1 * dy)


def example(rng):
    return Leaky(), rng.standard_normal((5, 4))

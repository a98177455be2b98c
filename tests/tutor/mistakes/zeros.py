# dx is made, and never filled.
import numpy as np

from minialex import Layer


class Square(Layer):
    def forward(self, x):
        self.remember(x)
        return x**2

    def backward(self, dy):
        x = self.recall()
        return np.zeros_like(x)


def example(rng):
    return Square(), rng.standard_normal((5, 4))

# The method is called foward.
import numpy as np

from minialex import Layer


class Square(Layer):
    def foward(self, x):
        self.remember(x)
        return x**2

    def backward(self, dy):
        x = self.recall()
        return 2 * x * dy


def example(rng):
    return Square(), rng.standard_normal((5, 4))

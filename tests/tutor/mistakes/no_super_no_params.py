# super().__init__() is forgotten, and found late.
import numpy as np

from minialex import Layer


class Square(Layer):
    def __init__(self, power=2):
        self.power = power

    def forward(self, x):
        self.remember(x)
        return x**2

    def backward(self, dy):
        x = self.recall()
        return 2 * x * dy


def example(rng):
    return Square(), rng.standard_normal((5, 4))

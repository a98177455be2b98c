# backward draws another mask than forward.
import numpy as np

from minialex import Layer


class MyDropout(Layer):
    def __init__(self, p, *, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        keep = self.rng.random(x.shape) >= self.p
        self.remember(keep)
        return x * keep / (1 - self.p)

    def backward(self, dy):
        return dy * (self.rng.random(dy.shape) >= self.p) / (1 - self.p)


def example(rng):
    return MyDropout(0.3, rng=rng), rng.standard_normal((5, 4))

# forward reads self.W, not params: no update will reach it.
import numpy as np

from minialex import Layer


class MyDense(Layer):
    def __init__(self, rng):
        super().__init__()
        self.params["W"] = rng.standard_normal((4, 3))
        self.W = self.params["W"].copy()
        self.params["b"] = rng.standard_normal(4)

    def output_shape(self, shape):
        return (4,)

    def forward(self, x):
        self.remember(x)
        return x @ self.W.T + self.params["b"]

    def backward(self, dy):
        x = self.recall()
        self.grads["W"] = dy.T @ x
        self.grads["b"] = dy.sum(axis=0)
        return dy @ self.params["W"]


def example(rng):
    return MyDense(rng), rng.standard_normal((5, 3))

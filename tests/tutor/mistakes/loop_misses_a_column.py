# dx of the last column is never computed.
import numpy as np

from minialex import Layer


class Square(Layer):
    def forward(self, x):
        self.remember(x)
        return x**2

    def backward(self, dy):
        x = self.recall()
        dx = np.zeros_like(x)
        for i in range(x.shape[1] - 1):
            dx[:, i] = 2 * x[:, i] * dy[:, i]
        return dx


def example(rng):
    return Square(), rng.standard_normal((5, 4))

# dW is upside down.
import numpy as np

from minialex import Layer


class MyConv(Layer):
    def __init__(self, rng):
        super().__init__()
        self.params["W"] = rng.standard_normal((2, 3, 3, 3))
        self.params["b"] = rng.standard_normal(2)

    def output_shape(self, shape):
        C, H, W = shape
        return (2, H - 2, W - 2)

    def forward(self, x):
        N, C, H, W = x.shape
        self.remember(x)
        y = np.zeros((N, 2, H - 2, W - 2), dtype=x.dtype)
        for h in range(H - 2):
            for w in range(W - 2):
                window = x[:, None, :, h : h + 3, w : w + 3]
                y[:, :, h, w] = (window * self.params["W"]).sum(axis=(2, 3, 4)) + self.params["b"]
        return y

    def backward(self, dy):
        x = self.recall()
        dx, dW = np.zeros_like(x), np.zeros_like(self.params["W"])
        for h in range(dy.shape[2]):
            for w in range(dy.shape[3]):
                g = dy[:, :, h, w][:, :, None, None, None]
                dW += (g * x[:, None, :, h : h + 3, w : w + 3]).sum(axis=0)
                dx[:, :, h : h + 3, w : w + 3] += (g * self.params["W"]).sum(axis=1)
        self.grads["W"], self.grads["b"] = dW[..., ::-1, ::-1], dy.sum(axis=(0, 2, 3))
        return dx


def example(rng):
    return MyConv(rng), rng.standard_normal((2, 3, 6, 5))

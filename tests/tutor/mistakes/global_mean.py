# The mean over the map, its backward not divided by H*W.
import numpy as np

from minialex import Layer


class MyPool(Layer):
    def output_shape(self, shape):
        return (shape[0],)

    def forward(self, x):
        self.remember(x.shape)
        return x.mean(axis=(2, 3))

    def backward(self, dy):
        shape = self.recall()
        return np.broadcast_to(dy[:, :, None, None], shape)


def example(rng):
    return MyPool(), rng.standard_normal((2, 3, 4, 6))

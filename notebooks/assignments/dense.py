"""The fully-connected layer (section 3.5 of the paper). Check it with: minialex grade dense.py"""

import numpy as np

from minialex import Layer


class Dense(Layer):
    """Fully-connected layer: each output is a weighted sum of all inputs.

        y[n, o] = b[o] + sum over i of W[o, i] * x[n, i]

    The chain rule gives three gradients, each a sum over what its variable takes part in:

        dx[n, i] = sum over o of dy[n, o] * W[o, i]
        dW[o, i] = sum over n of dy[n, o] * x[n, i]          self.grads["W"]
        db[o]    = sum over n of dy[n, o]                    self.grads["b"]

    Shapes: x (N, in) -> y (N, out); W (out, in), b (out,).

    By hand: x = [[1, 2, 3], [4, 5, 6]], W = [[1, 0, -1], [2, 1, 0]] and b = [10, 20] give y = [[8, 24], [8, 33]].
    """

    def __init__(self, in_features: int, out_features: int, *, std: float = 0.01, rng: np.random.Generator):
        super().__init__()
        self.params["W"] = rng.standard_normal((out_features, in_features), dtype="float32") * std
        self.params["b"] = np.zeros(out_features, dtype="float32")

    def output_shape(self, shape):
        """Return the shape of y for an x of this shape, both without N."""
        return (self.params["W"].shape[0],)

    def forward(self, x):
        # Write the sum as one matrix product: which of the two arrays must be transposed?
        raise NotImplementedError

    def backward(self, dy):
        # Assign self.grads["W"] and self.grads["b"], in the shapes of W and b; return dx.
        raise NotImplementedError

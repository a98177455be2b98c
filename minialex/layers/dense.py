"""The fully-connected layer."""

from math import inf

from numpy.random import Generator

from minialex.checks import check_integers, check_numbers, check_rng
from minialex.layer import Layer
from minialex.layers.initialization import initial_std, normal_weights


class Dense(Layer):
    """Fully-connected layer (section 3.5): each output sees every input.

        y = x @ W.T + b            dW = dy.T @ x,  db = sum of dy over the batch,  dx = dy @ W

    Shapes: (N, in) -> (N, out); W (out, in), b (out,).
    Args:   std, standard deviation of the initial weights (0.01), or init, "he", "xavier" or this number
            (`initialization.py`); bias, initial bias (section 5).
    Errors: ValueError for an input that is not (N, in).
    """

    def __init__(
        self, in_features: int, out_features: int, *, std: float | None = None, bias: float = 0.0,
        init: str | float | None = None, rng: Generator,
    ):  # fmt: skip
        super().__init__()
        check_integers(self.label, in_features=in_features, out_features=out_features)
        check_rng(self.label, rng)
        self.in_features, self.out_features = in_features, out_features
        check_numbers(self.label, -inf, inf, bias=bias)
        std = initial_std(self.label, std, init, in_features, out_features)
        self.params["W"] = normal_weights(self.label, rng, (out_features, in_features), std)
        self.params["b"] = self.device.xp.full(out_features, bias, dtype="float32")

    def output_shape(self, shape: tuple) -> tuple:
        out_features, in_features = self.params["W"].shape
        if tuple(shape) != (in_features,):
            got = f"(N, {', '.join(map(str, shape))})"
            raise self.expected(f"features (N, {in_features})", got, "put a Flatten() before it, or fix in_features")
        return (out_features,)

    def multiply_adds(self, shape: tuple) -> int:
        out_features, in_features = self.params["W"].shape
        return out_features * in_features

    def forward(self, x):
        self.accept(x)
        self.remember(x)
        return x @ self.params["W"].T + self.params["b"]

    def backward(self, dy):
        x = self.recall(dy)
        self.grads["W"] = dy.T @ x
        self.grads["b"] = self.device.xp.sum(dy, axis=0)
        return dy @ self.params["W"] if self.input_gradient else None

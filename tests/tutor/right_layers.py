"""Layers that are right, and unlike each other: gradcheck must pass them without a false diagnosis."""

import numpy as np

from minialex import Layer, Sequential
from minialex.layers import Dense, ReLU


class NoisyDropout(Layer):
    """Draws from self.rng; has a float attribute, and behaves otherwise in evaluation."""

    def __init__(self, p, *, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        keep = (self.rng.random(x.shape) >= self.p) if self.training else np.ones(x.shape, dtype=bool)
        self.remember(keep)
        return np.where(keep, x, 0)

    def backward(self, dy):
        return np.where(self.recall(), dy, 0)


class ScaleAndShift(Layer):
    """Two parameters; grads filled in place after an assignment; recall(dy) checks dy."""

    def __init__(self, features):
        super().__init__()
        self.params["gamma"] = np.linspace(0.5, 2, features).astype("float32")
        self.params["beta"] = np.zeros(features, dtype="float32")

    def forward(self, x):
        self.accept(x)
        self.remember(x)
        return self.params["gamma"] * x + self.params["beta"]

    def backward(self, dy):
        x = self.recall(dy)
        self.grads["gamma"], self.grads["beta"] = np.zeros_like(dy[0]), np.zeros_like(dy[0])
        for x_row, dy_row in zip(x, dy, strict=True):
            self.grads["gamma"] += x_row * dy_row
            self.grads["beta"] += dy_row
        return self.params["gamma"] * dy


class Pool(Layer):
    """The largest value of windows, with integer attributes."""

    def __init__(self, kernel=2):
        super().__init__()
        self.kernel = kernel

    def output_shape(self, shape):
        C, H, W = shape
        return C, H // self.kernel, W // self.kernel

    def forward(self, x):
        N, C, H, W = x.shape
        K = self.kernel
        windows = x.reshape(N, C, H // K, K, W // K, K)
        y = windows.max(axis=(3, 5))
        self.remember(windows == y[:, :, :, None, :, None], x.shape)
        return y

    def backward(self, dy):
        largest, shape = self.recall()
        return (largest * dy[:, :, :, None, :, None]).reshape(shape)


class View(Layer):
    """Returns a view of x, and a view of dy: nothing is computed."""

    def output_shape(self, shape):
        return (int(np.prod(shape)),)

    def forward(self, x):
        self.remember(x.shape)
        return x.reshape(len(x), -1)

    def backward(self, dy):
        return dy.reshape(self.recall())


class Slope(Layer):
    """One scalar parameter, of shape ()."""

    def __init__(self):
        super().__init__()
        self.params["a"] = np.array(0.25)

    def forward(self, x):
        self.remember(x)
        return np.where(x > 0, x, self.params["a"] * x)

    def backward(self, dy):
        x = self.recall()
        self.grads["a"] = np.sum(np.where(x > 0, 0, x) * dy)
        return np.where(x > 0, dy, self.params["a"] * dy)


class Steps(Layer):
    """Integer attributes and an integer array: no parameters."""

    def __init__(self, order):
        super().__init__()
        self.order = np.array(order)
        self.n = len(order)

    def forward(self, x):
        return x[:, self.order] * self.n

    def backward(self, dy):
        dx = np.empty_like(dy)
        dx[:, self.order] = dy * self.n
        return dx


class Normalized(Layer):
    """A batch normalization that keeps a running mean: what it keeps must not be taken for a draw."""

    def __init__(self):
        super().__init__()
        self.running = 0.0

    def forward(self, x):
        mean, var = x.mean(axis=0), x.var(axis=0)
        self.running = 0.9 * self.running + 0.1 * mean
        x_hat = (x - mean) / np.sqrt(var + 1e-5)
        self.remember(x_hat, var)
        return x_hat

    def backward(self, dy):
        x_hat, var = self.recall()
        return (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0)) / np.sqrt(var + 1e-5)


class FirstRead(Layer):
    """Reads the images: the gradient with respect to them is not needed."""

    def __init__(self):
        super().__init__()
        self.input_gradient = False
        self.params["w"] = np.ones(3)

    def forward(self, x):
        self.remember(x)
        return x * self.params["w"]

    def backward(self, dy):
        self.grads["w"] = (self.recall() * dy).sum(axis=0)


class SquaredLoss(Layer):
    """A loss with labels that are no classes."""

    def forward(self, x, labels):
        self.remember(x - labels)
        return float(np.mean((x - labels) ** 2))

    def backward(self):
        difference = self.recall()
        return 2 * difference / difference.size


class Large(Layer):
    """Large outputs, small gradients: differences lose digits, and must not call it wrong."""

    def forward(self, x):
        self.remember(x)
        return 1e4 + 1e-2 * np.sin(x)

    def backward(self, dy):
        return 1e-2 * np.cos(self.recall()) * dy


def example(rng):
    x = rng.standard_normal((5, 4))
    maps = rng.permutation(np.linspace(-2, 2, 2 * 3 * 4 * 6)).reshape(2, 3, 4, 6)
    return {
        "draws": (NoisyDropout(0.3, rng=rng), x),
        "draws nothing in evaluation": (NoisyDropout(0.3, rng=rng).eval(), x),
        "two parameters": (ScaleAndShift(4), x),
        "one image": (ScaleAndShift(4), x[:1]),
        "pooling": (Pool(), maps),
        "a view": (View(), maps),
        "a scalar": (Slope(), x),
        "integers": (Steps([2, 0, 3, 1]), x),
        "keeps a mean": (Normalized(), x),
        "reads the images": (FirstRead(), x[:, :3]),
        "a loss": (SquaredLoss(), x, rng.standard_normal((5, 4))),
        "digits": (Large(), x),
        "float32 and integers": (Steps([1, 0, 2]), np.arange(6, dtype="float32").reshape(2, 3)),
        "a list": (Steps([1, 0, 2]), [[1, 2, 3], [4, 5, 6]]),
        "a net": (Sequential(fc1=Dense(4, 3, std=1.0, rng=rng), relu1=ReLU(), own=ScaleAndShift(3)), x),
    }


def expected(rng):
    return {"integers": 4 * rng.standard_normal((5, 4))[:, [2, 0, 3, 1]], "a list": [[6, 3, 9], [15, 12, 18]]}

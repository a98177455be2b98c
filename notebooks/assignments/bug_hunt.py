"""Seven layers, each broken at one place: find it and mend it. Check it with: minialex grade bug_hunt.py

Docstrings are right, code is not. Some mistakes are in forward, some in backward; one is found by no gradient check,
another by no check at all at p = 0.5. The hints of this assignment say which numbers are wrong, but not why. What
helps: a small example on paper; `minialex gradcheck FILE` on a file with one of the classes; our layers, called beside
these. For each layer write one sentence into its docstring: what was wrong, and how you found it.
"""

import numpy as np

from minialex import Layer


class Dense(Layer):
    """Fully-connected layer: y = x @ W.T + b."""

    def __init__(self, in_features: int, out_features: int, *, rng: np.random.Generator):
        super().__init__()
        self.params["W"] = rng.standard_normal((out_features, in_features)).astype("float32")
        self.params["b"] = np.zeros(out_features, dtype="float32")

    def output_shape(self, shape):
        """Return the shape of y without N."""
        return (self.params["W"].shape[0],)

    def forward(self, x):
        self.remember(x)
        return x @ self.params["W"].T + self.params["b"]

    def backward(self, dy):
        x = self.recall()
        self.grads["W"] = dy.T @ x
        self.grads["b"] = dy.mean(axis=0)
        return dy @ self.params["W"]


class SoftmaxCrossEntropy(Layer):
    """The mean over the batch of -log p[label], p = softmax(logits)."""

    def forward(self, logits, labels):
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        onehot = np.eye(logits.shape[1])[labels]
        self.remember(log_p, onehot)
        return -float(np.sum(onehot * log_p)) / len(logits)

    def backward(self):
        log_p, onehot = self.recall()
        return np.exp(log_p) - onehot


class Conv2D(Layer):
    """Convolution: the same kernels at every window, `stride` apart, of x with `pad` zeros on each side."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int,
                 *, stride: int = 1, pad: int = 0, rng: np.random.Generator):  # fmt: skip
        super().__init__()
        self.kernel, self.stride, self.pad = kernel, stride, pad
        self.params["W"] = rng.standard_normal((out_channels, in_channels, kernel, kernel)).astype("float32")
        self.params["b"] = np.zeros(out_channels, dtype="float32")

    def output_shape(self, shape):
        """Return (C_out, OH, OW) for (C_in, H, W)."""
        _, H, W = shape
        sides = (1 + (side + 2 * self.pad - self.kernel) // self.stride for side in (H, W))
        return (len(self.params["b"]), *sides)

    def windows(self, padded, OH, OW):
        """Yield h, w and the view (N, C, K, K) of each window."""
        K, S = self.kernel, self.stride
        for h in range(OH):
            for w in range(OW):
                yield h, w, padded[:, :, S * h : S * h + K, S * w : S * w + K]

    def forward(self, x):
        N, P = len(x), self.pad
        padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        y = np.empty((N, *self.output_shape(x.shape[1:])), dtype=x.dtype)
        for h, w, window in self.windows(padded, *y.shape[2:]):
            y[:, :, h, w] = np.tensordot(window, self.params["W"], axes=((1, 2, 3), (1, 2, 3))) + self.params["b"]
        self.remember(padded, x.shape)
        return y

    def backward(self, dy):
        padded, (_, _, H, W) = self.recall()
        dpadded, dW = np.zeros_like(padded), np.zeros_like(self.params["W"])
        for h, w, window in self.windows(padded, *dy.shape[2:]):
            dW += np.tensordot(dy[:, :, h, w], window, axes=(0, 0))
        for h, w, dwindow in self.windows(dpadded, *dy.shape[2:]):
            dwindow += np.tensordot(dy[:, :, h, w], self.params["W"], axes=(1, 0))
        self.grads["W"], self.grads["b"] = dW, dy.sum(axis=(0, 2, 3))
        return dpadded[:, :, :H, :W]


class MaxPool(Layer):
    """Max pooling: the largest element of each window; its position, the first one in a tie, gets all of dy."""

    def __init__(self, kernel: int = 3, stride: int = 2):
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def output_shape(self, shape):
        """Return (C, OH, OW) for (C, H, W)."""
        C, H, W = shape
        return (C, 1 + (H - self.kernel) // self.stride, 1 + (W - self.kernel) // self.stride)

    def forward(self, x):
        N, (C, OH, OW), K, S = len(x), self.output_shape(x.shape[1:]), self.kernel, self.stride
        windows = np.empty((N, C, OH, OW, K * K), dtype=x.dtype)
        for h in range(OH):
            for w in range(OW):
                windows[:, :, h, w] = x[:, :, S * h : S * h + K, S * w : S * w + K].reshape(N, C, K * K)
        self.remember(windows.argmax(axis=4), x.shape)
        return windows.max(axis=4)

    def backward(self, dy):
        first, shape = self.recall()
        dx = np.zeros(shape, dtype=dy.dtype)
        for n, c, h, w in np.ndindex(dy.shape):
            i, j = divmod(first[n, c, h, w], self.kernel)
            dx[n, c, self.stride * h + i, self.stride * w + j] = dy[n, c, h, w]
        return dx


class LRN(Layer):
    """Response normalization: b[i] = a[i] / (k + alpha * sum of a[j]**2 over the n channels around i)**beta."""

    def __init__(self, n: int = 5, k: float = 2.0, alpha: float = 1e-4, beta: float = 0.75):
        super().__init__()
        self.n, self.k, self.alpha, self.beta = n, k, alpha / n, beta

    def window_sums(self, values):
        """Return for each channel the sum over those from i - n // 2 to i + n // 2 that there are."""
        half, C = self.n // 2, values.shape[1]
        return np.stack([values[:, max(0, i - half) : i + half + 1].sum(axis=1) for i in range(C)], axis=1)

    def forward(self, a):
        scale = self.k + self.alpha * self.window_sums(a * a)
        self.remember(a, scale)
        return a / scale**self.beta

    def backward(self, db):
        a, scale = self.recall()
        inner = self.window_sums(db * a * scale ** (-self.beta - 1))
        return db * scale**-self.beta - 2 * self.alpha * self.beta * a * inner


class Dropout(Layer):
    """Dropout: in training a unit is 0 with probability p; in evaluation all units are multiplied by 1 - p."""

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        factor = (self.rng.random(x.shape) >= self.p).astype(x.dtype) if self.training else np.array(self.p, x.dtype)
        self.remember(factor)
        return x * factor

    def backward(self, dy):
        return dy * self.recall()


def descend(w, v, gradient, lr: float, momentum: float, decay: float) -> None:
    """Update in place: v <- momentum * v - decay * lr * w - lr * gradient, w <- w + v."""
    v *= momentum
    v -= decay * w
    v -= lr * gradient
    w += v

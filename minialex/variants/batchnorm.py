"""Batch normalization."""

from minialex.checks import check_integers, check_numbers
from minialex.layer import Layer


class BatchNorm(Layer):
    """A variant, not in AlexNet: normalization of each channel over the batch (2015).

        training:    xhat = (x - mean) / sqrt(var + eps),   mean and variance of the batch
        evaluation:  the same with running means of both:   running <- momentum * running + (1 - momentum) * batch's
        y = W * xhat + b

    Shapes: (N, C, H, W) or (N, C), statistics over all axes but C; W (C,) and b (C,), gamma and beta of the paper.
    Args:   channels; momentum, of the running means; eps, added to the variance; scale, False: W is 1 and not learned,
            since through ReLU the weights of the next convolution scale as well.
    Errors: ValueError for other channels; in training for a batch of one value a channel, whose variance is 0.
    Source: S. Ioffe and C. Szegedy, "Batch Normalization" (2015). The running variance is that of a sample (n - 1).
    """

    def __init__(self, channels: int, *, momentum: float = 0.9, eps: float = 1e-5, scale: bool = True):
        super().__init__()
        check_integers(self.label, channels=channels)
        check_numbers(self.label, 0, 1, momentum=momentum)
        check_numbers(self.label, 0, float("inf"), eps=eps)
        self.channels, self.momentum, self.eps, self.scale = channels, momentum, eps, scale
        xp = self.device.xp
        learned_scale = {"W": xp.ones(channels, dtype="float32")} if scale else {}
        self.params = learned_scale | {"b": xp.zeros(channels, dtype="float32")}
        self.buffers = {"mean": xp.zeros(channels, dtype="float32"), "var": xp.ones(channels, dtype="float32")}

    def output_shape(self, shape: tuple) -> tuple:
        if len(shape) not in (1, 3) or shape[0] != self.channels:
            got = f"(N, {', '.join(map(str, shape))})"
            raise self.expected(f"(N, {self.channels}, H, W) or (N, {self.channels})", got, "change channels")
        return tuple(shape)

    def forward(self, x):
        self.accept(x)
        xp, axes = self.device.xp, tuple(axis for axis in range(x.ndim) if axis != 1)
        mean, var = self.buffers["mean"], self.buffers["var"]
        n = self._values_a_channel(x)
        if self.training:
            mean, var = xp.mean(x, axis=axes), xp.var(x, axis=axes)
            self._keep(mean, var, n)
        scale = 1 / xp.sqrt(var + self.eps)
        xhat = (x - self._spread(mean, x)) * self._spread(scale, x)
        self.remember(xhat, scale, axes, self.training)
        return self._spread(self._gamma(x.dtype), x) * xhat + self._spread(self.params["b"], x)

    def backward(self, dy):
        # Mean and variance depend on every x of the channel. With m(.) the mean over the channel,
        #     dx = scale * (dxhat - m(dxhat) - xhat * m(dxhat * xhat)),   dxhat = W * dy
        # In evaluation both are constants, and the last two terms are absent.
        xhat, scale, axes, trained = self.recall(dy)
        xp = self.device.xp
        self._set_gradients(xp.sum(dy * xhat, axis=axes), xp.sum(dy, axis=axes))
        dxhat = self._spread(self._gamma(dy.dtype), dy) * dy
        if trained:
            along = xp.mean(dxhat * xhat, axis=axes)
            dxhat = dxhat - self._spread(xp.mean(dxhat, axis=axes), dy) - xhat * self._spread(along, dy)
        return self._spread(scale, dy) * dxhat

    def _gamma(self, dtype):
        """Return W, or ones where the scale is not learned."""
        return self.params["W"] if self.scale else self.device.xp.ones(self.channels, dtype=dtype)

    def _set_gradients(self, dW, db) -> None:
        self.grads |= ({"W": dW} if self.scale else {}) | {"b": db}

    def _values_a_channel(self, x) -> int:
        n = x.shape[0] * (x.shape[2] * x.shape[3] if x.ndim == 4 else 1)
        if self.training and n < 2:
            raise self.expected("at least two values a channel in training", n, "use a larger batch, or eval()")
        return n

    def _keep(self, mean, var, n: int) -> None:
        """Update the running means by the mean and variance of a batch with n values a channel."""
        for name, value in (("mean", mean), ("var", var * (n / (n - 1)))):
            kept = self.buffers[name]
            self.buffers[name] = self.device.xp.astype(self.momentum * kept + (1 - self.momentum) * value, kept.dtype)

    def _spread(self, values, x):
        """Return one value a channel in a shape that broadcasts with x."""
        return self.device.xp.reshape(values, (1, -1) + (1,) * (x.ndim - 2))

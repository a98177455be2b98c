"""The loss: multinomial logistic regression."""

import numpy as np

from minialex.checks import check_numbers
from minialex.devices import host, on_its_device
from minialex.layer import Layer


class SoftmaxCrossEntropy(Layer):
    """Softmax and cross-entropy in one (section 3.5: the multinomial logistic regression objective).

        loss = -mean over the batch of log p[label],   p = softmax(logits)
        dlogits = (p - onehot(label)) / N

    Shapes: logits (N, K), labels (N,) -> a float; backward() -> (N, K).
    Args:   labels, integers 0..K-1, in main memory or on the device; smoothing, a variant of 2015 and not in AlexNet:
            this share of the target is spread over all classes, (1 - smoothing) * onehot(label) + smoothing / K.
    Errors: ValueError for labels that are not integers, out of range, or not one for each row.
    """

    def __init__(self, smoothing: float = 0.0):
        super().__init__()
        check_numbers(self.label, 0, 1, smoothing=smoothing)
        self.smoothing = smoothing

    @on_its_device
    def forward(self, logits, labels) -> float:  # a loss reads the labels too
        N, K = self.accept(logits)
        xp = self.device.xp
        labels = self.device.put(self._checked(labels, N, K))
        shifted = logits - xp.max(logits, axis=1, keepdims=True)  # exp cannot overflow now
        log_sum = xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))
        log_p = shifted - log_sum  # never the log of a rounded-to-zero probability
        right = labels[:, None] == xp.arange(K)[None, :]
        self.remember(log_p, right)
        loss = -float(xp.sum(xp.where(right, log_p, 0.0))) / N
        return (1 - self.smoothing) * loss - self.smoothing * float(xp.mean(log_p)) if self.smoothing else loss

    @on_its_device
    def backward(self):  # and its backward starts from the loss itself
        xp = self.device.xp
        log_p, right = self.recall()
        p = xp.exp(log_p)
        elsewhere = self.smoothing / p.shape[1]  # the target of the other classes
        return xp.where(right, p - (1 - self.smoothing + elsewhere), p - elsewhere) / p.shape[0]

    def output_shape(self, shape: tuple) -> tuple:
        if len(shape) != 1:
            raise self.expected("logits (N, K)", f"(N, {', '.join(map(str, shape))})", "end the net with a Dense")
        return tuple(shape)

    def _checked(self, labels, N: int, K: int) -> np.ndarray:
        labels = host.put(labels)
        if labels.shape != (N,):
            raise self.expected(
                f"labels ({N},), one an image", f"shape {labels.shape}", "pass class numbers, not one-hot"
            )
        if labels.dtype.kind not in "iu":
            raise self.expected("labels to be integers", str(labels.dtype), 'convert with labels.astype("int64")')
        if N and not 0 <= labels.min() <= labels.max() < K:
            got = f"{labels.min()} .. {labels.max()}"
            raise self.expected(f"labels 0..{K - 1} for {K} logits", got, "give the net as many classes as the data")
        return labels.astype(np.int64)

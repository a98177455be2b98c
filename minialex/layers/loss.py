"""The loss: multinomial logistic regression."""

import numpy as np

from minialex.devices import host
from minialex.layer import Layer


class SoftmaxCrossEntropy(Layer):
    """Softmax and cross-entropy in one (section 3.5: the multinomial logistic regression objective).

        loss = -mean over the batch of log p[label],   p = softmax(logits)
        dlogits = (p - onehot(label)) / N

    Shapes: logits (N, K), labels (N,) -> a float; backward() -> (N, K).
    Args:   labels, integers 0..K-1, in main memory or on the device.
    Errors: ValueError for labels that are not integers, out of range, or not one for each row.
    """

    def forward(self, logits, labels) -> float:  # type: ignore[override]  # a loss reads the labels too
        N, K = self.accept(logits)
        xp = self.device.xp
        labels = self.device.put(self._checked(labels, N, K))
        shifted = logits - xp.max(logits, axis=1, keepdims=True)  # exp cannot overflow now
        log_sum = xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))
        log_p = shifted - log_sum  # never the log of a rounded-to-zero probability
        right = labels[:, None] == xp.arange(K)[None, :]
        self.remember(log_p, right)
        return -float(xp.sum(xp.where(right, log_p, 0.0))) / N

    def backward(self):  # type: ignore[override]  # and its backward starts from the loss itself
        xp = self.device.xp
        log_p, right = self.recall()
        p = xp.exp(log_p)
        return xp.where(right, p - 1, p) / p.shape[0]

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

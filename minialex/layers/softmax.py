"""Softmax, on its own. For training use SoftmaxCrossEntropy (`loss.py`), which is simpler and stabler."""

from minialex.layer import Layer


def softmax(xp, x):
    """Return probabilities from logits along axis 1; exp cannot overflow, as the largest is subtracted."""
    e = xp.exp(x - xp.max(x, axis=1, keepdims=True))
    return e / xp.sum(e, axis=1, keepdims=True)


class Softmax(Layer):
    """Softmax over the classes (section 3.5).

        y[i] = exp(x[i]) / sum(exp(x[j]) for all j)

    Shapes: (N, K) -> (N, K), or (N, K, H, W) for one at each pixel.
    """

    def forward(self, x):
        self.accept(x)
        y = softmax(self.device.xp, x)
        self.remember(y)
        return y

    def backward(self, dy):
        # The Jacobian is dy[i]/dx[j] = y[i] * ((i == j) - y[j]); its transpose times dy, without ever forming it:
        #     dx[j] = sum over i of dy[i] * y[i] * ((i == j) - y[j]) = y[j] * (dy[j] - sum over i of dy[i] * y[i])
        y = self.recall(dy)
        return y * (dy - self.device.xp.sum(dy * y, axis=1, keepdims=True))

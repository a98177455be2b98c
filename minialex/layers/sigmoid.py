"""The logistic function."""

from minialex.layer import Layer


class Sigmoid(Layer):
    """Logistic unit, the other saturating unit of section 3.1.

        y = 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2            dx = dy * y * (1 - y)

    Shapes: any; y and dx as x.
    """

    def forward(self, x):
        self.accept(x)
        y = 0.5 + 0.5 * self.device.xp.tanh(0.5 * x)  # this form cannot overflow, exp(-x) can
        self.remember(y)
        return y

    def backward(self, dy):
        y = self.recall(dy)
        return dy * y * (1 - y)

"""The hyperbolic tangent, which the paper's ReLU replaced."""

from minialex.layer import Layer


class Tanh(Layer):
    """Hyperbolic tangent: the saturating unit of Figure 1 (section 3.1).

        y = tanh(x)            dx = dy * (1 - y**2)

    Shapes: any; y and dx as x.
    """

    def forward(self, x):
        self.accept(x)
        y = self.device.xp.tanh(x)
        self.remember(y)
        return y

    def backward(self, dy):
        y = self.recall(dy)
        return dy * (1 - y * y)

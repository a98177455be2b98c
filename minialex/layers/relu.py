"""Rectified linear units."""

from minialex.layer import Layer


class ReLU(Layer):
    """Rectified linear unit (section 3.1).

        y = max(x, 0)            dx = dy where x > 0, else 0

    Shapes: any; y and dx as x.
    Source: section 3.1; six times fewer iterations than tanh units to 25 % training error (Figure 1).
    """

    def forward(self, x):
        self.accept(x)
        xp = self.device.xp
        self.remember(x > 0)
        return xp.maximum(x, 0.0)

    def backward(self, dy):
        xp = self.device.xp
        return xp.where(self.recall(dy), dy, 0.0)

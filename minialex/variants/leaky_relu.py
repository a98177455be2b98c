"""Leaky rectified linear units."""

from minialex.checks import check_numbers
from minialex.layer import Layer


class LeakyReLU(Layer):
    """A variant of ReLU, not in AlexNet: a small slope instead of zero (2013).

        y = x where x > 0, else slope * x            dx = dy where x > 0, else slope * dy

    Shapes: any; y and dx as x.
    Args:   slope, 0 <= slope < 1; 0 is ReLU.
    Source: A. Maas, A. Hannun and A. Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013).
    """

    def __init__(self, slope: float = 0.01):
        super().__init__()
        check_numbers(self.label, 0, 1, slope=slope)
        self.slope = slope

    def forward(self, x):
        self.accept(x)
        self.remember(x > 0)
        return self.device.xp.where(x > 0, x, self.slope * x)

    def backward(self, dy):
        return self.device.xp.where(self.recall(dy), dy, self.slope * dy)

"""A constant factor."""

from minialex.checks import check_numbers
from minialex.layer import Layer


class Scale(Layer):
    """A variant, not in AlexNet: outputs multiplied by a constant, logits that begin small for instance.

        y = factor * x            dx = factor * dy

    After a dense layer this is the same as weights of `factor` times the size at `factor`**2 times their rate.

    Shapes: any; y and dx as x.
    Args:   factor, finite and not negative.
    """

    def __init__(self, factor: float):
        super().__init__()
        check_numbers(self.label, 0, float("inf"), factor=factor)
        self.factor = factor

    def forward(self, x):
        self.accept(x)
        self.remember()
        return self.factor * x

    def backward(self, dy):
        self.recall(dy)
        return self.factor * dy

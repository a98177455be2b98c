"""Losses besides the paper's."""

from minialex.checks import described
from minialex.devices import on_its_device
from minialex.layer import Layer


class SquaredError(Layer):
    """A variant, not in AlexNet: the mean squared error, for numbers instead of classes (the corners of a box, say).

        loss = mean over the batch of sum((y - target)**2) / 2            dy = (y - target) / N

    Shapes: y and target (N, F) -> a float; backward() -> (N, F).
    Errors: ValueError for a target of another shape.
    """

    @on_its_device
    def forward(self, y, target) -> float:  # a loss reads the target too
        self.accept(y)
        target = self.device.put(target)
        if tuple(target.shape) != tuple(y.shape):
            raise self.expected(f"a target of shape {tuple(y.shape)}", described(target), "give one for each output")
        difference = y - self.device.xp.astype(target, y.dtype)
        self.remember(difference)
        return float(self.device.xp.sum(difference**2)) / (2 * y.shape[0])

    @on_its_device
    def backward(self):  # and its backward starts from the loss itself
        difference = self.recall()
        return difference / difference.shape[0]

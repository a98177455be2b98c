"""Absent: a group of kernels that is on another rank, as this process knows it: names and shapes."""

from collections.abc import Callable, Iterator

from minialex.devices import Elsewhere
from minialex.layer import Layer


class Absent(Layer):
    """A group on another rank: shapes go through it, values do not.

    Shapes: as the group, of arrays that are `Elsewhere`.
    """

    def __init__(self, group: Layer):
        super().__init__()
        self.group, self.layers, self.params, self.device = group, group.layers, group.params, group.device

    def forward(self, x):
        self.remember(x)
        return Elsewhere((x.shape[0], *self.group.output_shape(x.shape[1:])), x.dtype)

    def backward(self, dy):
        return self.recall()

    def output_shape(self, shape: tuple) -> tuple:
        return self.group.output_shape(shape)

    def multiply_adds(self, shape: tuple) -> int:
        return self.group.multiply_adds(shape)

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        yield from self.group.flow(shape, prefix)

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        """Visit none: the rank that has them does."""

"""Sequential: layers applied in order."""

from collections.abc import Callable, Iterator
from typing import Any

from minialex.layer import Layer


class Sequential(Layer):
    """A net of layers, each of which reads the output of the one before it.

        y = last(... second(first(x)))            dx = first.backward(second.backward(... last.backward(dy)))

    The names given to the layers are those of their parameters (`conv1.W`) and of error messages.

    Errors: ValueError if there is no layer, if one is no Layer or has a dot in its name, or if one is given twice (a
            layer remembers one forward only).
    """

    def __init__(self, **layers: Layer):
        super().__init__()
        self.layers = layers
        if not layers:
            raise self.expected("at least one layer", "none", "write Sequential(fc1=Dense(...), ...)")
        for name, layer in layers.items():
            if "." in name:
                raise self.expected("names without a dot", repr(name), "two parameters could have one full name")
            if not isinstance(layer, Layer):
                raise self.expected(f"{name} to be a Layer", repr(layer), "create it: ReLU(), not ReLU")
        members = [layer for _, layer in self.walk()]
        if len({id(layer) for layer in members}) < len(members):
            raise self.expected("different layers", "one of them twice", "create one for each position")
        for prefix, layer in self.walk():
            layer.name = prefix.removesuffix(".") or layer.name
        self.device = next(iter(layers.values())).device  # of its input; its layers may be on others

    def forward(self, x):
        for layer in self.layers.values():
            with layer.device:
                x = layer.forward(x)
        return x

    def outputs(self, x) -> Iterator[tuple[str, Any]]:
        for name, layer in self.layers.items():
            with layer.device:
                x = layer.forward(x)
            yield name, x

    def backward(self, dy):
        for layer in reversed(self.layers.values()):
            with layer.device:
                dy = layer.backward(dy)
        return dy

    def output_shape(self, shape: tuple) -> tuple:
        for layer in self.layers.values():
            shape = layer.output_shape(shape)
        return shape

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        for name, layer in self.layers.items():
            yield from layer.flow(shape, f"{prefix}{name}.")
            shape = layer.output_shape(shape)

    def multiply_adds(self, shape: tuple) -> int:
        return sum(layer.multiply_adds(shape) for _, layer, shape in self.flow(shape))

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        for name, layer in self.layers.items():
            with layer.device:
                layer.each_parameter(visit, f"{prefix}{name}.")

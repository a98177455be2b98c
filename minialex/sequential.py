"""Sequential: layers applied in order."""

from collections.abc import Callable, Iterator
from typing import Any, Self

from minialex.convenience import names_of
from minialex.layer import Layer
from minialex.one_thread import InUse, one_thread


class Sequential(Layer):
    """A net of layers, each of which reads the output of the one before it.

        y = last(... second(first(x)))            dx = first.backward(second.backward(... last.backward(dy)))

    Names as in `Sequential(conv1=Conv2D(...), relu1=ReLU())` are those of parameters (`conv1.W`) and error messages;
    `Sequential(Conv2D(...), ReLU())` makes the same names itself. `net["conv1"]` is the layer.

    Errors: ValueError if there is no layer, if one is no Layer or has a dot in its name, or if one is given twice (a
            layer remembers one forward only); RuntimeError if two threads train the net at a time.
    """

    def __init__(self, *unnamed: Layer, **named: Layer):
        super().__init__()
        self.in_use = InUse()
        self.layers = dict(zip(names_of(unnamed), unnamed, strict=True)) | named
        if len(self.layers) < len(unnamed) + len(named):
            raise self.expected("names apart from conv1, relu1, ...", ", ".join(named), "name all layers, or none")
        self._adopt()

    def _adopt(self) -> None:
        """Check the layers and give them their full names."""
        if not self.layers:
            raise self.expected("at least one layer", "none", "write Sequential(fc1=Dense(...), ...)")
        for name, layer in self.layers.items():
            if "." in name:
                raise self.expected("names without a dot", repr(name), "two parameters could have one full name")
            if not isinstance(layer, Layer):
                raise self.expected(f"{name} to be a Layer", repr(layer), "create it: ReLU(), not ReLU")
        members = [layer for _, layer in self.walk()]
        if len({id(layer) for layer in members}) < len(members):
            raise self.expected("different layers", "one of them twice", "create one for each position")
        for prefix, layer in self.walk():
            layer.name = prefix.removesuffix(".") or layer.name
        self.device = next(iter(self)).device  # of its input; its layers may be on others

    @one_thread
    def forward(self, x):
        for layer in self:
            with layer.device:
                x = layer.forward(x)
        return x

    @one_thread
    def backward(self, dy):
        for layer in reversed(self.layers.values()):
            with layer.device:
                dy = layer.backward(dy)
            if not layer.input_gradient:  # no layer before it needs a gradient
                return None
        return dy

    @one_thread
    def train(self) -> Self:
        return super().train()

    @one_thread
    def eval(self) -> Self:
        return super().eval()

    def output_shape(self, shape: tuple) -> tuple:
        for layer in self:
            shape = layer.output_shape(shape)
        return shape

    def outputs(self, x, prefix: str = "") -> Iterator[tuple[str, Any]]:
        for name, layer in self.layers.items():
            with layer.device:
                for full_name, y in layer.outputs(x, f"{prefix}{name}."):
                    yield full_name, y
            x = y  # the last one is the whole layer's

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        for name, layer in self.layers.items():
            yield from layer.flow(shape, f"{prefix}{name}.")
            shape = layer.output_shape(shape)

    def multiply_adds(self, shape: tuple) -> int:
        return sum(layer.multiply_adds(shape) for _, layer, shape in self.flow(shape))

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        for name, layer in self.layers.items() if self.trainable else ():
            with layer.device:
                layer.each_parameter(visit, f"{prefix}{name}.")

    # -- a net as a collection of layers ----------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers.values())

    def replace(self, name: str, layer: Layer) -> Self:
        """Put another layer in place of the one of that name, on its device: `net.replace("fc8", Dense(4096, 5, ...))`.

        Errors: KeyError for a name that no layer has; ValueError as for the constructor.
        """
        old = self[name]
        if not isinstance(layer, Layer):
            raise self.expected(f"{name} to be a Layer", repr(layer), "create it: ReLU(), not ReLU")
        if any(member is layer for _, member in self.walk()):
            raise self.expected("a layer that is not in this net", f"that of {layer.name}", "create a new one")
        container, _, last = name.rpartition(".")
        layer.input_gradient = old.input_gradient
        (self[container] if container else self).layers[last] = layer.to(old.device)
        self._adopt()
        return self

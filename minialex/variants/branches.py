"""Nets that are not a chain: layers that read the same maps, and a shortcut around layers."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from minialex.layer import Layer
from minialex.sequential import Sequential


class Parallel(Layer):
    """Layers that all read the same input; the base of what follows. `net["shortcut.conv1"]` finds those inside."""

    def __init__(self, **layers: Layer):
        super().__init__()
        self.layers = Sequential(**layers).layers  # which checks them
        self.device = next(iter(self.layers.values())).device

    def _shapes(self, shape: tuple) -> list[tuple]:
        return [layer.output_shape(shape) for layer in self.layers.values()]

    def _forward(self, x) -> list:
        return [layer.forward(x) for layer in self.layers.values()]

    def _backward(self, dys):
        """Return the sum of what the layers return: each of them has read all of x."""
        dxs = [layer.backward(dy) for layer, dy in zip(self.layers.values(), dys, strict=True)]
        return None if any(dx is None for dx in dxs) else sum(dxs[1:], self.device.xp.positive(dxs[0]))

    def outputs(self, x, prefix: str = "") -> Iterator[tuple[str, Any]]:
        for name, layer in self.layers.items():
            yield from layer.outputs(x, f"{prefix}{name}.")
        yield prefix.removesuffix(".") or self.name, self.forward(x)

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        for name, layer in self.layers.items():
            yield from layer.flow(shape, f"{prefix}{name}.")

    def multiply_adds(self, shape: tuple) -> int:
        return sum(layer.multiply_adds(shape) for layer in self.layers.values())

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        for name, layer in self.layers.items() if self.trainable else ():
            layer.each_parameter(visit, f"{prefix}{name}.")


class Branches(Parallel):
    """A variant, not in AlexNet: several layers read the same maps, their outputs are concatenated (Inception, 2014).

        y = concat(a(x), b(x), ...) along the channels            dx = a.backward(part of dy) + b.backward(...) + ...

    Shapes: (N, C, H, W) -> (N, C_a + C_b + ..., H', W'), or (N, F) -> (N, F_a + F_b + ...).
    Errors: ValueError if the branches' maps have different sizes.
    """

    def output_shape(self, shape: tuple) -> tuple:
        first, *others = self._shapes(shape)
        if any(other[1:] != first[1:] for other in others):
            raise self.expected("branches with maps of one size", [first, *others], "change pad or stride in one")
        return (first[0] + sum(other[0] for other in others), *first[1:])

    def forward(self, x):
        self.accept(x)
        ys = self._forward(x)
        self.remember([y.shape[1] for y in ys])
        return self.device.xp.concat(ys, axis=1)

    def backward(self, dy):
        edges = [0]
        for channels in self.recall(dy):
            edges.append(edges[-1] + channels)
        return self._backward([dy[:, start:stop, ...] for start, stop in pairwise(edges)])


class Residual(Parallel):
    """A variant, not in AlexNet: a shortcut around some layers (2015).

        y = body(x) + x            dx = body.backward(dy) + dy

    Shapes: as x; the body must keep them, or `shortcut` gives x the body's shape (a 1x1 convolution).
    Source: K. He, X. Zhang, S. Ren and J. Sun, "Deep Residual Learning for Image Recognition" (2015).
    """

    def __init__(self, body: Layer, shortcut: Layer | None = None):
        super().__init__(body=body, **({} if shortcut is None else {"shortcut": shortcut}))

    def output_shape(self, shape: tuple) -> tuple:
        body, shortcut = (*self._shapes(shape), tuple(shape))[:2]
        if body != shortcut:
            advice = "pad the body's layers, or pass a shortcut of that shape"
            raise self.expected(f"a body that makes {shortcut}", body, advice)
        return body

    def forward(self, x):
        self.accept(x)
        self.remember(None)
        body, shortcut = (*self._forward(x), x)[:2]
        return body + shortcut

    def backward(self, dy):
        self.recall(dy)
        dx = self._backward([dy] * len(self.layers))
        return dx if dx is None or "shortcut" in self.layers else dx + dy

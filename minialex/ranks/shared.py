"""Data parallelism over ranks: every rank has the whole net and reads images of its own; gradients are added up."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from minialex.devices import Elsewhere, Rank
from minialex.layer import Layer
from minialex.parallel import Gather
from minialex.ranks.draws import drawing_for_all
from minialex.ranks.sums import add_gradients


class Shared(Layer):
    """The same kernels on every rank: each reads its own images, and the gradients of all are added up.

        y = (net(x on rank 0), net(x on rank 1), ...)            dW = dW on rank 0 + dW on rank 1 + ...

    A rank without images (a last batch may have fewer than there are ranks) computes one of zeros, whose gradient is 0.
    Names and parameters are the net's own.

    Shapes: this rank's images (n, ...) -> a tuple, one array a rank; backward, that tuple -> this rank's dx (n, ...).
    Args:   net, whose parameters must be the same on every rank; devices, all ranks.
    Errors: ValueError for batch normalization, whose means over a rank's images are not those over the batch.
    """

    def __init__(self, net: Layer, devices: Sequence[Rank]):
        super().__init__()
        for _, layer in net.walk():
            if layer.buffers:
                what, advice = "no running means: they are those of one rank's images", "train it in one process"
                raise self.expected(what, layer.label, advice)
        self.net, self.devices, self.link = net, tuple(devices), devices[0].link
        self.device, self.layers = net.device, net.layers or {net.name: net}
        self.input_gradient = net.input_gradient

    def rows(self, n: int) -> slice:
        return self.link.rows(n)

    def forward(self, x):
        sizes = self.link.each(len(x))
        shape = self.net.output_shape(x.shape[1:])
        with drawing_for_all(self.net, sum(sizes[: self.link.rank]), sum(sizes)):
            y = self.net.forward(one_at_least(x))[: len(x)]
        self.remember(len(x))
        return tuple(y if i == self.link.rank else Elsewhere((n, *shape), y.dtype) for i, n in enumerate(sizes))

    def backward(self, dys):
        n = self.recall()
        dx = self.net.backward(one_at_least(dys[self.link.rank]))
        add_gradients(self.net, self.link)
        return None if dx is None else dx[:n]

    def output_shape(self, shape: tuple) -> tuple:
        return (self.net.output_shape(shape),) * len(self.devices)

    def multiply_adds(self, shape: tuple) -> int:
        return self.net.multiply_adds(shape)

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        yield from self.net.flow(shape, prefix)

    def outputs(self, x, prefix: str = "") -> Iterator[tuple[str, Any]]:
        yield from self.net.outputs(one_at_least(x), prefix)
        yield prefix.removesuffix(".") or self.name, self.forward(x)

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        self.net.each_parameter(visit, prefix)


class DataParallel(Shared):
    """A net of which each rank reads its images of the batch; the outputs of the whole batch arrive on every rank.

        y = concat(net(x on rank 0), net(x on rank 1), ...)            dW = dW on rank 0 + dW on rank 1 + ...

    So the loss, its gradient and whatever follows from them are the same on all ranks. The gradient dy is a mean over
    the whole batch already, so the ranks' gradients add up to those of one process.

    Shapes: this rank's images (n, ...) -> the whole batch (N, ...), in the order of the ranks.
    """

    def __init__(self, net: Layer, devices: Sequence[Rank]):
        super().__init__(net, devices)
        self.logits = Gather(devices, to=devices[0], axis=0)

    def forward(self, x):
        return self.logits.forward(super().forward(x))

    def backward(self, dy):
        return super().backward(self.logits.backward(dy))

    def output_shape(self, shape: tuple) -> tuple:
        return self.net.output_shape(shape)


def one_at_least(x):
    """Return the images, or one of zeros where there is none."""
    return x if len(x) else np.zeros((1, *x.shape[1:]), x.dtype)

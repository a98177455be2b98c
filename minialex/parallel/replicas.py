"""Replicas: data parallelism, the batch split over copies of one net."""

import copy
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from minialex.checks import check_kinds
from minialex.devices import Device, checked_devices
from minialex.layer import Layer
from minialex.one_thread import InUse, one_thread
from minialex.parallel.collectives import Gather, Scatter
from minialex.parallel.communication import total
from minialex.parallel.together import together


class Replicas(Layer):
    """Data parallelism: copies of a net, one a device, each of which reads a part of the batch.

        y = concat(net(x[part 0]), net(x[part 1]), ...)            dW = dW[part 0] + dW[part 1] + ...

    On distinct devices they compute at the same time.

    The loss's gradient dy is a mean over the whole batch already, so the parts' gradients add up to those of the
    unsplit net. `params`, `state()` and names are the net's own; the replicas get them at each forward.

    Shapes: as the net; a batch that cannot be divided evenly makes some parts one image longer.
    Args:   net, which stays on the first device; devices, one a replica.
    """

    def __init__(self, net: Layer, devices: Sequence[Device]):
        super().__init__()
        self.in_use = InUse()
        self.devices = checked_devices(self.label, devices)
        self.device = self.devices[0]
        check_kinds(self.label, Layer, "pass a net", net=net)
        self.net = net.to(self.device)
        self.layers = net.layers or {net.name: net}
        self.replicas = [copy.deepcopy(net).to(device) for device in self.devices]

    @one_thread
    def forward(self, x):
        n = min(len(self.devices), x.shape[0]) or 1  # a last batch may hold fewer images than there are devices
        devices, replicas = self.devices[:n], self.replicas[:n]
        scatter, gather = Scatter(devices, axis=0), Gather(devices, to=self.device, axis=0)
        parts = scatter.forward(x)
        self._copy_parameters(replicas, [part.shape[0] for part in parts])
        ys = together(devices, lambda i: replicas[i].forward(parts[i]))
        self._take_back(replicas[0])
        self.remember(scatter, gather, replicas)
        return gather.forward(ys)

    @one_thread
    def backward(self, dy):
        scatter, gather, replicas = self.recall()
        dys = gather.backward(dy)
        dxs = together(gather.devices, lambda i: replicas[i].backward(dys[i]))
        for (_, layer), *others in zip(self.net.walk(), *(replica.walk() for replica in replicas), strict=True):
            for key in layer.params:
                parts = [layer.device.put(other.grads[key]) for _, other in others]
                layer.grads[key] = total(layer.device, parts)
        return None if dxs[0] is None else scatter.backward(dxs)

    def _copy_parameters(self, replicas: list[Layer], sizes: list[int]) -> None:
        """Give each replica the net's parameters and mode, and generators that draw for the whole batch."""
        start = 0
        for replica, size in zip(replicas, sizes, strict=True):
            for (_, layer), (_, twin) in zip(self.net.walk(), replica.walk(), strict=True):
                twin.params = {key: twin.device.put(value) for key, value in layer.params.items()}
                twin.buffers = {
                    key: twin.device.put(total(layer.device, [value])) for key, value in layer.buffers.items()
                }
                twin.training, twin.input_gradient = layer.training, layer.input_gradient
                if layer.rng is not None:
                    twin.rng = RowsOf(copy.deepcopy(layer.rng), start, sum(sizes))  # type: ignore[assignment]
            start += size

    def _take_back(self, replica: Layer) -> None:
        """Set the net's generators to their state after drawing for the whole batch, its buffers to the replica's."""
        for (_, layer), (_, twin) in zip(self.net.walk(), replica.walk(), strict=True):
            layer.buffers = {key: layer.device.put(value) for key, value in twin.buffers.items()}
            if layer.rng is not None and twin.rng is not None:
                layer.rng.bit_generator.state = twin.rng.bit_generator.state

    def output_shape(self, shape: tuple) -> tuple:
        return self.net.output_shape(shape)

    def multiply_adds(self, shape: tuple) -> int:
        return self.net.multiply_adds(shape)

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        yield from self.net.flow(shape, prefix)

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        with self.device:
            self.net.each_parameter(visit, prefix)


class RowsOf:
    """A generator that draws for the whole batch and returns one replica's rows, so that splitting changes no mask."""

    def __init__(self, rng: np.random.Generator, start: int, total: int):
        self.rng, self.start, self.total = rng, start, total
        self.bit_generator = rng.bit_generator

    def random(self, shape: tuple, dtype) -> np.ndarray:
        batch = self.rng.random((self.total, *shape[1:]), dtype=dtype)
        return batch[self.start : self.start + shape[0]]

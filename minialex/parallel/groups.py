"""Groups: the same layers once a device, each with kernels of its own.

Between groups the value is a tuple, one array a group; groups are called a, b, c, ... as in the 2012 source.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minialex.checks import check_kinds
from minialex.devices import Device, checked_devices
from minialex.layer import Layer
from minialex.parallel.absent import Absent
from minialex.parallel.together import together
from minialex.parallel.tuples import concatenated, letter, one_each

READS = "a communication is missing before it: Broadcast (one array for all), Scatter, or AllGather (all outputs)"
WRITES = "a communication is missing after it: Gather (one array of all outputs) or AllGather (for every group)"


class Groups(Layer):
    """Groups of kernels, one on each device, without connections between them (section 3.2).

        y = (a(x[0]), b(x[1]), ...)            dx = (a.backward(dy[0]), b.backward(dy[1]), ...)

    On distinct devices the groups compute at the same time; where one device is given twice, in order.

    Shapes: a tuple of arrays, one a device -> a tuple of arrays, one a device.
    Args:   devices, one a group; layers, a function without arguments that makes the layers of one group, called once
            for each, or the groups themselves, one a device. Their names are a, b, c, ...
    Errors: ValueError for arrays that are not on their group's device, saying which communication is missing, and for
            a layer that is not.
    """

    def __init__(self, devices: Sequence[Device], layers: Callable[[], Layer] | Sequence[Layer]):
        super().__init__()
        checked = checked_devices(self.label, devices)
        self.devices = tuple(device.for_group() for device in checked)
        if not callable(layers):
            check_kinds(self.label, tuple | list, "pass one layer a device", layers=layers)
        made = [layers() for _ in self.devices] if callable(layers) else list(layers)
        if len(made) != len(self.devices):
            raise self.expected(f"{len(self.devices)} groups, one a device", len(made), "add or remove devices")
        for group in made:
            check_kinds(self.label, Layer, "pass one layer a device", group=group)
        on_devices = [group.to(device) for group, device in zip(made, self.devices, strict=True)]
        self.layers = {letter(i): g if g.device.here else Absent(g) for i, g in enumerate(on_devices)}
        self.device = next(device for device in self.devices if device.here)
        self.link = checked[0].link

    def forward(self, xs):
        xs = one_each(self, self.devices, xs, READS)
        self._check_devices()
        self.output_shape(tuple(x.shape[1:] for x in xs))
        return together(self.devices, lambda i: self.layers[letter(i)].forward(xs[i]))

    def backward(self, dys):
        dys = one_each(self, self.devices, dys, WRITES)
        return together(self.devices, lambda i: self.layers[letter(i)].backward(dys[i]))

    def output_shape(self, shapes: tuple) -> tuple:
        try:
            return tuple(group.output_shape(shape) for _, group, shape in self._each(shapes))
        except ValueError as error:
            if self._all_gather_is_missing(shapes):
                raise ValueError(f"{error}; all groups' maps would fit: put an AllGather before {self.name}") from None
            raise

    def _all_gather_is_missing(self, shapes: tuple) -> bool:
        """Tell whether every group could read the concatenated output of all groups before it."""
        try:
            return all(group.output_shape(concatenated(shapes)) for group in self.layers.values())
        except ValueError:
            return False

    def outputs(self, xs, prefix: str = "") -> Iterator[tuple[str, Any]]:
        ys = []
        for (name, group), x in zip(self.layers.items(), one_each(self, self.devices, xs, READS), strict=True):
            with group.device:
                for full_name, y in group.outputs(x, f"{prefix}{name}."):
                    yield full_name, y
            ys.append(y)
        yield prefix.removesuffix(".") or self.name, tuple(ys)

    def flow(self, shapes: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        for name, group, shape in self._each(shapes):
            yield from group.flow(shape, f"{prefix}{name}.")

    def multiply_adds(self, shapes: tuple) -> int:
        return sum(group.multiply_adds(shape) for _, group, shape in self._each(shapes))

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        if self.trainable:
            together(self.devices, lambda i: self.layers[letter(i)].each_parameter(visit, f"{prefix}{letter(i)}."))

    def _move(self, device: Device) -> None:
        super()._move(device)
        self.devices = (device,) * len(self.devices)

    def _each(self, shapes: tuple) -> list[tuple[str, Layer, tuple]]:
        """Return each group's name, the group and the shape that it reads."""
        if not (len(shapes) == len(self.devices) and all(isinstance(shape, tuple) for shape in shapes)):
            raise self.expected(f"{len(self.devices)} shapes, one a group", shapes, READS)
        return [(name, group, shape) for (name, group), shape in zip(self.layers.items(), shapes, strict=True)]

    def _check_devices(self) -> None:
        for device, group in zip(self.devices, self.layers.values(), strict=True):
            for _, layer in group.walk():
                if layer.device is not device:
                    raise layer.expected(f"to be on {device}, with its group", layer.device, f"move it: to({device})")

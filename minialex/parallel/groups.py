"""Groups: the same layers once a device, each with kernels of its own."""

from collections.abc import Callable, Iterator, Sequence

from minialex.devices import Device
from minialex.layer import Layer
from minialex.parallel.communication import letter, one_each, side_by_side
from minialex.parallel.together import together

ADVICE = "a communication is missing before it: Broadcast (one array for all), Scatter, or AllGather (what all made)"


class Groups(Layer):
    """Groups of kernels, one on each device, that do not talk to each other (section 3.2).

        y = (a(x[0]), b(x[1]), ...)            dx = (a'(dy[0]), b'(dy[1]), ...)

    On distinct devices the groups work at the same time; where one device is there twice, one after the other.

    Shapes: a tuple of arrays, one a device -> a tuple of arrays, one a device.
    Args:   devices, one a group; layers, a function without arguments that makes the layers of one group, called once
            for each, or the groups themselves, one a device. Their names are a, b, c, ...
    Errors: ValueError for arrays that are not on their group's device, saying which communication is missing, and for
            a layer that is not.
    """

    def __init__(self, devices: Sequence[Device], layers: Callable[[], Layer] | Sequence[Layer]):
        super().__init__()
        self.devices = tuple(devices)
        made = [layers() for _ in self.devices] if callable(layers) else list(layers)
        self.check_positive(devices=len(self.devices))
        if len(made) != len(self.devices):
            raise self.expected(f"{len(self.devices)} groups, one a device", len(made), "add or remove devices")
        self.layers = {letter(i): group.to(self.devices[i]) for i, group in enumerate(made)}
        self.device = self.devices[0]

    def forward(self, xs):
        xs = one_each(self, self.devices, xs, ADVICE)
        self._check_devices()
        self.output_shape(tuple(x.shape[1:] for x in xs))
        groups = tuple(self.layers.values())
        return together(self.devices, lambda i: groups[i].forward(xs[i]))

    def backward(self, dys):
        dys = one_each(self, self.devices, dys, ADVICE.replace("before", "after"))
        groups = tuple(self.layers.values())
        return together(self.devices, lambda i: groups[i].backward(dys[i]))

    def output_shape(self, shapes: tuple) -> tuple:
        pairs = list(zip(self.layers.values(), self._shapes(shapes), strict=True))
        try:
            return tuple(group.output_shape(shape) for group, shape in pairs)
        except ValueError as error:
            if self._fit(side_by_side(shapes, axis=1)):
                raise ValueError(f"{error}; all groups' maps would fit: put an AllGather before {self.name}") from None
            raise

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, Layer, tuple]]:
        for (name, group), own in zip(self.layers.items(), self._shapes(shape), strict=True):
            yield from group.flow(own, f"{prefix}{name}.")

    def multiply_adds(self, shape: tuple) -> int:
        return sum(
            group.multiply_adds(own) for group, own in zip(self.layers.values(), self._shapes(shape), strict=True)
        )

    def update(self, rule: Callable, prefix: str = "") -> None:
        items = tuple(self.layers.items())
        together(self.devices, lambda i: items[i][1].update(rule, f"{prefix}{items[i][0]}."))

    def _move(self, device: Device) -> None:
        super()._move(device)
        self.devices = (device,) * len(self.devices)

    def _shapes(self, shapes: tuple) -> tuple:
        """Checks that there is one shape a group."""
        if not (len(shapes) == len(self.devices) and all(isinstance(shape, tuple) for shape in shapes)):
            raise self.expected(f"{len(self.devices)} shapes, one a group", shapes, ADVICE)
        return shapes

    def _fit(self, shape: tuple) -> bool:
        """Whether every group could read an array of this shape."""
        try:
            return all(group.output_shape(shape) for group in self.layers.values())
        except ValueError:
            return False

    def _check_devices(self) -> None:
        for device, group in zip(self.devices, self.layers.values(), strict=True):
            for _, layer in group.walk():
                if layer.device is not device:
                    raise layer.expected(f"to be on {device}, with its group", layer.device, f"move it: to({device})")

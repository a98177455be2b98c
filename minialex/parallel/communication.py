"""What all communications share: sending a part from one group's device to another's, and checking who holds what."""

from collections import Counter
from collections.abc import Sequence
from math import prod

from minialex.devices import Device
from minialex.layer import Layer


class Communication(Layer):
    """What all communications share (section 3.2: the GPUs communicate only in certain layers).

    Args:   devices, one a group; axis, along which the groups' parts lie side by side: 1, channels or features.
    Errors: ValueError for arrays that are not on the devices of their groups.

    `sent` counts bytes: sent["forward"][0, 1] those that group 0 has sent to group 1.
    """

    def __init__(self, devices: Sequence[Device], *, axis: int = 1):
        super().__init__()
        self.devices = tuple(devices)
        self.check_positive(devices=len(self.devices))
        self.axis, self.device = axis, self.devices[0]
        self.sent: dict[str, Counter] = {"forward": Counter(), "backward": Counter()}

    def crossing(self, shape: tuple) -> Counter:
        """The numbers that pass forward from group i to group j, {(i, j): how many}, for one image of this shape.

        Backward the same pass from j to i, unless nobody asks for the input's gradient.
        """
        raise NotImplementedError

    def _move(self, device: Device) -> None:
        super()._move(device)
        self.devices = (device,) * len(self.devices)

    def _send(self, part, i: int, j: int, way: str):
        """A part of an array of group i, on the device of group j; packed first, so that only the part crosses."""
        sender, receiver = self.devices[i], self.devices[j]
        if i != j:
            self.sent[way][i, j] += prod(part.shape) * (8 if "64" in str(part.dtype) else 4)
        if sender is receiver:
            return part
        with sender:
            packed = sender.xp.positive(part)
        return receiver.put(packed)

    def _concat(self, parts: list, j: int):
        with self.devices[j]:
            return self.devices[j].xp.concat(parts, axis=self.axis)

    def _edges(self, parts: Sequence) -> list[int]:
        """Where each part begins along the axis, and where the last one ends."""
        edges = [0]
        for part in parts:
            edges.append(edges[-1] + part.shape[self.axis])
        return edges

    def _slice(self, x, start: int, stop: int):
        return x[(slice(None),) * self.axis + (slice(start, stop), ...)]

    def _one_each(self, xs):
        """Checks that there is one array a group, each on its group's device."""
        return one_each(self, self.devices, xs, "put a Groups before it, which makes one array a device")

    def _one(self, x):
        """Checks that there is one array, on the device that sends from."""
        if isinstance(x, tuple):
            raise self.expected("one array", f"{len(x)}, one a group", "put a Gather before it")
        if not self.device.holds(x):
            raise self.expected(f"an array on {self.device}", where(x), "bring it there with device.put")
        return x


def total(device: Device, parts: list):
    """The sum of arrays on one device, in a new array."""
    with device:
        added = device.xp.positive(parts[0])
        for part in parts[1:]:
            added += part
        return added


def one_each(layer: Layer, devices: tuple[Device, ...], xs, advice: str) -> tuple:
    """Checks that `xs` holds one array a device, each one there (law 5)."""
    if not isinstance(xs, tuple) or len(xs) != len(devices):
        came = f"{len(xs)} arrays" if isinstance(xs, tuple) else "one array"
        raise layer.expected(f"{len(devices)} arrays, one on each of {devices}", came, advice)
    for i, (device, x) in enumerate(zip(devices, xs, strict=True)):
        if not device.holds(x):
            raise layer.expected(f"the array of group {letter(i)} on {device}", f"one {where(x)}", advice)
    return xs


def side_by_side(shapes: tuple, axis: int) -> tuple:
    """The shape of arrays side by side, all without the batch axis."""
    first, *others = (list(shape) for shape in shapes)
    if axis > 0:
        first[axis - 1] += sum(other[axis - 1] for other in others)
    return tuple(first)


def where(x) -> str:
    device = getattr(x, "device", None)
    return f"on {device}" if device is not None and hasattr(x, "shape") else f"that is a {type(x).__name__}"


def letter(group: int) -> str:
    """a, b, c, ...: the groups' names in the 2012 source."""
    return chr(ord("a") + group)

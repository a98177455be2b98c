"""The value between groups: a tuple of arrays, one a device; names of groups, and the check of arrays' devices."""

from minialex.devices import Device
from minialex.layer import Layer


def letter(group: int) -> str:
    """Return a group's name: a, b, c, ..."""
    return chr(ord("a") + group)


def one_each(layer: Layer, devices: tuple[Device, ...], xs, advice: str) -> tuple:
    """Return `xs`, checked to hold one array a device, each one there (docs/devices.md, law 5)."""
    if not isinstance(xs, tuple) or len(xs) != len(devices):
        got = f"{len(xs)} arrays" if isinstance(xs, tuple) else "one array"
        raise layer.expected(f"{len(devices)} arrays, one on each of {devices}", got, advice)
    for i, (device, x) in enumerate(zip(devices, xs, strict=True)):
        if not device.holds(x):
            raise layer.expected(f"the array of group {letter(i)} on {device}", f"one {device_of(x)}", advice)
    return xs


def concatenated(shapes: tuple, axis: int = 1) -> tuple:
    """Return the shape of the groups' arrays concatenated along an axis, without the batch axis 0."""
    first, *others = (list(shape) for shape in shapes)
    if axis > 0:
        first[axis - 1] += sum(other[axis - 1] for other in others)
    return tuple(first)


def device_of(x) -> str:
    """Return where an array is, for an error message."""
    device = getattr(x, "device", None)
    return f"on {device}" if device is not None and hasattr(x, "shape") else f"that is a {type(x).__name__}"

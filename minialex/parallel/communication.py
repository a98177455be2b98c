"""Communication: a layer that transfers arrays between devices, the base class of the collectives."""

from collections import Counter
from collections.abc import Sequence
from math import prod

from minialex.devices import Device, Elsewhere, checked_devices
from minialex.layer import Layer
from minialex.parallel.tuples import device_of, one_each


class Communication(Layer):
    """A layer that transfers arrays between the groups' devices (section 3.2: only in certain layers).

    Its backward is the transpose of its forward. A sender slices first, so that only what is needed is transferred.
    Between ranks one array is on every rank, so a copy or a part of it need not be sent; what is gathered, all receive.

    Args:   devices, one a group; axis, along which the groups' arrays are concatenated: 1, channels or features.
    Errors: ValueError for arrays that are not on the devices of their groups.

    `sent` counts bytes: sent["forward"][0, 1] those that group 0 has sent to group 1; of ranks, what this one has sent.
    """

    def __init__(self, devices: Sequence[Device], *, axis: int = 1):
        super().__init__()
        self.devices = checked_devices(self.label, devices)
        self.axis, self.device = axis, self.devices[0]
        self.sent: dict[str, Counter] = {"forward": Counter(), "backward": Counter()}

    def traffic(self, shape: tuple) -> Counter:
        """Return the elements sent from group i to group j in forward, {(i, j): elements}, for one image.

        Backward sends as many from j to i, unless nobody needs the gradient with respect to the input.
        """
        raise NotImplementedError

    def _move(self, device: Device) -> None:
        super()._move(device)
        self.devices = (device,) * len(self.devices)

    def _send(self, part, i: int, j: int, direction: str):
        """Return a part of an array of group i on the device of group j; packed first, so that only it is sent."""
        sender, receiver = self.devices[i], self.devices[j]
        if i != j:
            self.sent[direction][i, j] += nbytes(part)
        if sender is receiver:
            return part
        with sender:
            packed = sender.xp.positive(part)
        return receiver.put(packed)

    def _spread(self, parts: Sequence, i: int, direction: str) -> tuple:
        """Return parts of one array, which group i has, one to each group."""
        if link := self.devices[0].link:
            return link.spread(parts)
        return tuple(self._send(part, i, j, direction) for j, part in enumerate(parts))

    def _collect(self, parts: Sequence, j: int, direction: str) -> list:
        """Return the arrays of all groups, on the device of group j; of ranks, on every one."""
        if link := self.devices[0].link:
            self._count([parts[link.rank]] * link.size, direction)
            return link.collect(parts)
        return [self._send(part, i, j, direction) for i, part in enumerate(parts)]

    def _exchange(self, parts: Sequence, direction: str) -> tuple:
        """Return the sum over all ranks of the part for this one; `parts` are those that this rank has for each."""
        self._count(parts, direction)
        own = total(self.device, (link := self.devices[0].link).exchange(parts))
        return link.spread([own if j == link.rank else part for j, part in enumerate(parts)])

    def _count(self, parts: Sequence, direction: str) -> None:
        """Count the bytes that this rank sends to the others."""
        rank = self.devices[0].link.rank
        self.sent[direction].update({(rank, j): nbytes(part) for j, part in enumerate(parts) if j != rank})

    def _concat(self, parts: Sequence, j: int):
        """Concatenate arrays on the device of group j."""
        with self.devices[j]:
            return self.devices[j].xp.concat(parts, axis=self.axis)

    def _edges(self, parts: Sequence) -> list[int]:
        """Return where each part begins along the axis, and where the last one ends."""
        edges = [0]
        for part in parts:
            edges.append(edges[-1] + part.shape[self.axis])
        return edges

    def _part(self, x, edges: list[int], i: int):
        """Return the part of `x` along the axis that belongs to group i, as a view."""
        start, stop = edges[i], edges[i + 1]
        return x[(slice(None),) * self.axis + (slice(start, stop), ...)]

    def _one_each(self, xs) -> tuple:
        """Return `xs`, checked to be one array a group, each on its group's device."""
        return one_each(self, self.devices, xs, "put a Groups before it, which makes one array a device")

    def _one(self, x):
        """Return `x`, checked to be one array, on the device that sends."""
        if isinstance(x, tuple):
            raise self.expected("one array", f"{len(x)}, one a group", "put a Gather before it")
        if not self.device.holds(x):
            raise self.expected(f"an array on {self.device}", device_of(x), "bring it there with device.put")
        return x


def nbytes(x) -> int:
    return prod(x.shape) * (8 if "64" in str(x.dtype) else 4)


def total(device: Device, parts: Sequence):
    """Return the sum of arrays on one device, in a new array; of arrays elsewhere, their shape."""
    if isinstance(parts[0], Elsewhere):
        return parts[0]
    with device:
        added = device.xp.positive(parts[0])
        for part in parts[1:]:
            added += part
        return added

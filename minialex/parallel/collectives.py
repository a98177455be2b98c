"""Communications: the layers through which arrays pass from one device to another.

                 forward                                        backward, its transpose
    Broadcast    x -> (x, x)                                    sum
    AllGather    (a, b) -> (ab, ab)                             each part's sum, back to where the part came from
    Gather       (a, b) -> ab on one device                     the parts, back to their devices
    Scatter      ab on one device -> (a, b)                     ab

ab is a and b side by side, along the channels. What need not cross does not: a sender slices first.
"""

from collections import Counter
from collections.abc import Sequence
from math import prod

from minialex.devices import Device
from minialex.parallel.communication import Communication, side_by_side, total


class Broadcast(Communication):
    """The same array for every group (Figure 2: both GPUs read the images).

        y = (x, x, ...)            dx = dy[0] + dy[1] + ...

    Shapes: (N, ...) on the first device -> one (N, ...) a group.
    """

    def output_shape(self, shape: tuple) -> tuple:
        return (tuple(shape),) * len(self.devices)

    def crossing(self, shape: tuple) -> Counter:
        return Counter({(0, j): prod(shape) for j in range(1, len(self.devices))})

    def forward(self, x):
        x = self._one(x)
        return tuple(self._send(x, 0, j, "forward") for j in range(len(self.devices)))

    def backward(self, dys):
        if not self.input_gradient:
            return None
        dys = self._one_each(dys)
        return total(self.devices[0], [self._send(dy, i, 0, "backward") for i, dy in enumerate(dys)])


class AllGather(Communication):
    """What all groups have made, for every group (Figure 2: conv3 and the dense layers read both halves).

        y[j] = x[0] x[1] ... side by side            dx[i] = dy[0] at i's place + dy[1] at i's place + ...

    Shapes: one (N, C_i, ...) a group -> one (N, C_0 + C_1 + ..., ...) a group.
    """

    def output_shape(self, shapes: tuple) -> tuple:
        return (side_by_side(shapes, self.axis),) * len(self.devices)

    def crossing(self, shapes: tuple) -> Counter:
        n = len(self.devices)
        return Counter({(i, j): prod(shapes[i]) for i in range(n) for j in range(n) if i != j})

    def forward(self, xs):
        xs = self._one_each(xs)
        self.remember(self._edges(xs))
        made: dict[int, object] = {}  # by device: where two groups sit on one, they read the same array
        for j, device in enumerate(self.devices):
            parts = [self._send(x, i, j, "forward") for i, x in enumerate(xs)]
            if id(device) not in made:
                made[id(device)] = self._concat(parts, j)
        return tuple(made[id(device)] for device in self.devices)

    def backward(self, dys):
        dys = self._one_each(dys)
        edges = self.recall()
        return tuple(
            total(to, [self._send(self._slice(dy, *edges[j : j + 2]), i, j, "backward") for i, dy in enumerate(dys)])
            for j, to in enumerate(self.devices)
        )


class Gather(Communication):
    """What all groups have made, on one device (Figure 2: the last layer sits on one GPU and reads both halves).

        y = x[0] x[1] ... side by side            dx[i] = dy at i's place

    Shapes: one (N, C_i, ...) a group -> (N, C_0 + C_1 + ..., ...).
    Args:   to, the device of the group that receives, one of `devices`.
    """

    def __init__(self, devices: Sequence[Device], *, to: Device, axis: int = 1):
        super().__init__(devices, axis=axis)
        if to not in self.devices:
            raise self.expected(f"to, one of the devices {self.devices}", repr(to), "add it, or choose one of them")
        self.root = self.devices.index(to)
        self.device = to

    def output_shape(self, shapes: tuple) -> tuple:
        return side_by_side(shapes, self.axis)

    def crossing(self, shapes: tuple) -> Counter:
        return Counter({(i, self.root): prod(shape) for i, shape in enumerate(shapes) if i != self.root})

    def forward(self, xs):
        xs = self._one_each(xs)
        self.remember(self._edges(xs))
        return self._concat([self._send(x, i, self.root, "forward") for i, x in enumerate(xs)], self.root)

    def backward(self, dy):
        dy, edges = self._one(dy), self.recall()
        return tuple(
            total(to, [self._send(self._slice(dy, *edges[i : i + 2]), self.root, i, "backward")])
            for i, to in enumerate(self.devices)
        )


class Scatter(Communication):
    """A part of one array for each group: the transpose of Gather.

        y[i] = x at i's place            dx = dy[0] dy[1] ... side by side

    Shapes: (N, C, ...) on the first device -> one (N, C / groups, ...) a group, the last ones longer if C is not
            divisible; with axis=0 the batch is divided instead.
    Errors: ValueError for fewer channels than groups.
    """

    def output_shape(self, shape: tuple) -> tuple:
        n = len(self.devices)
        if self.axis == 0:
            return (tuple(shape),) * n
        if shape[self.axis - 1] < n:
            raise self.expected(f"at least {n} channels, one a group", shape[self.axis - 1], "use fewer devices")
        edges = self._places(shape[self.axis - 1])
        before, after = shape[: self.axis - 1], shape[self.axis :]
        return tuple((*before, edges[i + 1] - edges[i], *after) for i in range(n))

    def crossing(self, shape: tuple) -> Counter:
        return Counter({(0, j): prod(part) for j, part in enumerate(self.output_shape(shape)) if j > 0})

    def forward(self, x):
        x = self._one(x)
        self.output_shape(x.shape[1:])
        edges = self._places(x.shape[self.axis])
        return tuple(self._send(self._slice(x, *edges[j : j + 2]), 0, j, "forward") for j in range(len(self.devices)))

    def backward(self, dys):
        dys = self._one_each(dys)
        return self._concat([self._send(dy, i, 0, "backward") for i, dy in enumerate(dys)], 0)

    def _places(self, length: int) -> list[int]:
        n = len(self.devices)
        return [length * i // n for i in range(n + 1)]

"""Collectives: the communications between groups, named as in MPI and NCCL.

                 forward                                        backward, its transpose
    Broadcast    x -> (x, x)                                    reduce: the sum, on the first device
    AllGather    (a, b) -> (ab, ab)                             reduce-scatter: each part's sum, to its group
    Gather       (a, b) -> ab on one device                     scatter: each part, to its group
    Scatter      ab on one device -> (a, b)                     gather

ab is a and b concatenated along the channels.
"""

from collections import Counter
from collections.abc import Sequence
from math import prod

from minialex.devices import Device
from minialex.parallel.communication import Communication, total
from minialex.parallel.tuples import concatenated


class Broadcast(Communication):
    """Forward: copy to every group. Backward: reduce (Figure 2: both GPUs read the images).

        y = (x, x, ...)            dx = dy[0] + dy[1] + ...

    Shapes: (N, ...) on the first device -> one (N, ...) a group.
    """

    def output_shape(self, shape: tuple) -> tuple:
        return (tuple(shape),) * len(self.devices)

    def traffic(self, shape: tuple) -> Counter:
        return Counter({(0, j): prod(shape) for j in range(1, len(self.devices))})

    def forward(self, x):
        x = self._one(x)
        return self._spread([x] * len(self.devices), 0, "forward")

    def backward(self, dys):
        if not self.input_gradient:
            return None
        dys = self._one_each(dys)
        return total(self.devices[0], self._collect(dys, 0, "backward"))


class AllGather(Communication):
    """Forward: all-gather. Backward: reduce-scatter (Figure 2: conv3 and the dense layers read both halves).

        y[j] = concat(x[0], x[1], ...)            dx[i] = part i of dy[0] + part i of dy[1] + ...

    Shapes: one (N, C_i, ...) a group -> one (N, C_0 + C_1 + ..., ...) a group.
    """

    def output_shape(self, shapes: tuple) -> tuple:
        return (concatenated(shapes, self.axis),) * len(self.devices)

    def traffic(self, shapes: tuple) -> Counter:
        n = len(self.devices)
        return Counter({(i, j): prod(shapes[i]) for i in range(n) for j in range(n) if i != j})

    def forward(self, xs):
        xs = self._one_each(xs)
        self.remember(self._edges(xs))
        if self.devices[0].link:  # what every rank has gathered is the same array on each
            return self._spread([self._concat(self._collect(xs, 0, "forward"), 0)] * len(xs), 0, "forward")
        gathered: dict[Device, object] = {}  # where two groups share a device, they read the same array
        for j, device in enumerate(self.devices):
            parts = [self._send(x, i, j, "forward") for i, x in enumerate(xs)]
            if device not in gathered:
                gathered[device] = self._concat(parts, j)
        return tuple(gathered[device] for device in self.devices)

    def backward(self, dys):
        dys = self._one_each(dys)
        edges = self.recall()
        if link := self.devices[0].link:
            return self._exchange([self._part(dys[link.rank], edges, j) for j in range(link.size)], "backward")
        dxs = []
        for i, device in enumerate(self.devices):
            parts = [self._send(self._part(dy, edges, i), j, i, "backward") for j, dy in enumerate(dys)]
            dxs.append(total(device, parts))
        return tuple(dxs)


class Gather(Communication):
    """Forward: gather on one device. Backward: scatter (Figure 2: fc8 sits on one GPU and reads both halves).

        y = concat(x[0], x[1], ...)            dx[i] = part i of dy

    Shapes: one (N, C_i, ...) a group -> (N, C_0 + C_1 + ..., ...).
    Args:   to, the device of the group that receives, one of `devices`.
    """

    def __init__(self, devices: Sequence[Device], *, to: Device, axis: int = 1):
        super().__init__(devices, axis=axis)
        if not isinstance(to, Device) or to not in self.devices:
            raise self.expected(f"to, one of the devices {self.devices}", repr(to), "add it, or choose one of them")
        self.root = self.devices.index(to)
        self.device = to

    def output_shape(self, shapes: tuple) -> tuple:
        return concatenated(shapes, self.axis)

    def traffic(self, shapes: tuple) -> Counter:
        return Counter({(i, self.root): prod(shape) for i, shape in enumerate(shapes) if i != self.root})

    def forward(self, xs):
        xs = self._one_each(xs)
        self.remember(self._edges(xs))
        return self._concat(self._collect(xs, self.root, "forward"), self.root)

    def backward(self, dy):
        dy, edges = self._one(dy), self.recall()
        parts = self._spread([self._part(dy, edges, i) for i in range(len(self.devices))], self.root, "backward")
        return tuple(total(device, [part]) for device, part in zip(self.devices, parts, strict=True))


class Scatter(Communication):
    """Forward: scatter, a part of one array for each group. Backward: gather.

        y[i] = part i of x            dx = concat(dy[0], dy[1], ...)

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
        edges = self._even_edges(shape[self.axis - 1])
        before, after = shape[: self.axis - 1], shape[self.axis :]
        return tuple((*before, edges[i + 1] - edges[i], *after) for i in range(n))

    def traffic(self, shape: tuple) -> Counter:
        return Counter({(0, j): prod(part) for j, part in enumerate(self.output_shape(shape)) if j > 0})

    def forward(self, x):
        x = self._one(x)
        self.output_shape(x.shape[1:])
        edges = self._even_edges(x.shape[self.axis])
        return self._spread([self._part(x, edges, j) for j in range(len(self.devices))], 0, "forward")

    def backward(self, dys):
        dys = self._one_each(dys)
        return self._concat(self._collect(dys, 0, "backward"), 0)

    def _even_edges(self, length: int) -> list[int]:
        """Return where parts of nearly equal length begin, and where the last one ends."""
        n = len(self.devices)
        return [length * i // n for i in range(n + 1)]

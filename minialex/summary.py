"""The summary of a net: what each layer makes, what it costs, and what crosses from group to group."""

from math import prod
from typing import NamedTuple

from minialex.layer import Layer
from minialex.parallel.communication import Communication, letter

MADE = ("layer", "kind", "device", "output shape", "parameters", "multiply-adds", "bytes")
SENT = ("communication", "kind", "forward", "bytes", "backward", "bytes")


class Row(NamedTuple):
    """One layer: its output's shape (no batch axis), parameters, multiply-adds an image, bytes of its output."""

    layer: str
    kind: str
    device: str
    output_shape: tuple  # of a communication: one shape a group
    parameters: int
    multiply_adds: int
    bytes: int


class Crossing(NamedTuple):
    """What one communication carries from one group to another, in bytes: forward, and backward the other way."""

    communication: str
    kind: str
    sender: str
    receiver: str
    forward: int
    backward: int


class Summary(NamedTuple):
    """The rows of a net and their totals; `print(summary(net, shape))` shows them as a table."""

    rows: list[Row]
    crossings: list[Crossing]
    batch: int

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        return sum(row.multiply_adds for row in self.rows)

    @property
    def bytes(self) -> int:
        return sum(row.bytes for row in self.rows)

    @property
    def never_cross(self) -> float:
        """The share of the activations, in bytes, that stay in their group; the images are none."""
        carriers = {crossing.communication for crossing in self.crossings}
        written = sum(row.bytes for row in self.rows if row.layer not in carriers)
        return 1 - sum(crossing.forward for crossing in self.crossings if crossing.backward) / written

    def as_dict(self) -> dict:
        """The form of `minialex summary --json`."""
        return {
            "parameters": self.parameters,
            "multiply_adds": self.multiply_adds,
            "batch": self.batch,
            "layers": [row._asdict() for row in self.rows],
            "communications": [crossing._asdict() for crossing in self.crossings],
        }

    def __str__(self) -> str:
        body = [(*row[:3], shown(row.output_shape), *map(count, row[4:])) for row in self.rows]
        total = ("total", "", "", "", count(self.parameters), count(self.multiply_adds), count(self.bytes))
        images = "one image" if self.batch == 1 else f"{self.batch} images"
        lines = [table(MADE, body, total, 4)]
        lines.append(f"multiply-adds: of one image; bytes: of the layer's output for {images}, float32")
        if self.crossings:
            there, back = sum(c.forward for c in self.crossings), sum(c.backward for c in self.crossings)
            sent = [crossing_cells(crossing) for crossing in self.crossings]
            lines += ["", table(SENT, sent, ("total", "", "", count(there), "", count(back)), 3)]
            lines.append(f"{self.never_cross:.1%} of the activations (bytes that layers write) never leave their group")
        return "\n".join(lines)


def summary(net: Layer, shape: tuple[int, ...], *, batch: int = 1) -> Summary:
    """Walks the layers of `net` for inputs of `shape` (no batch axis) and says what each makes and costs.

    Args:   shape, of one image (C, H, W); batch, images for which bytes are counted.
    Errors: ValueError if the images do not fit, naming the layer.
    """
    rows, crossings = [], []
    for prefix, layer, reads in net.flow(tuple(shape)):
        makes = tuple(layer.output_shape(reads))
        parameters = sum(prod(value.shape) for value in layer.params.values())
        name, kind = prefix.removesuffix(".") or layer.name, type(layer).__name__
        written = 4 * batch * sum(map(prod, groups_of(makes)))
        rows.append(Row(name, kind, device_name(layer), makes, parameters, layer.multiply_adds(reads), written))
        if isinstance(layer, Communication):
            for (i, j), numbers in sorted(layer.crossing(reads).items()):
                sent = 4 * batch * numbers
                crossings.append(Crossing(name, kind, letter(i), letter(j), sent, sent * layer.input_gradient))
    return Summary(rows, crossings, batch)


def groups_of(shape: tuple) -> tuple:
    """The shapes of all groups; one array is one group."""
    return shape if shape and isinstance(shape[0], tuple) else (shape,)


def device_name(layer: Layer) -> str:
    devices = layer.devices if isinstance(layer, Communication) else (layer.device,)
    names = (repr(device).partition("(workers")[0].lower() for device in devices)
    return ", ".join(dict.fromkeys(names))  # each once


def shown(shape: tuple) -> str:
    return " + ".join("x".join(map(str, group)) for group in groups_of(shape))


def count(n: int) -> str:
    return f"{n:,}" if n else ""


def crossing_cells(c: Crossing) -> tuple[str, ...]:
    there, back = f"{c.sender} -> {c.receiver}", f"{c.receiver} -> {c.sender}" if c.backward else ""
    return (c.communication, c.kind, there, count(c.forward), back, count(c.backward))


def table(heads: tuple, body: list[tuple], total: tuple, left: int) -> str:
    """Columns of equal width, the first `left` of them names (to the left), the others numbers (to the right)."""
    widths = [max(map(len, column)) for column in zip(heads, *body, total, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))

    def line(cells: tuple) -> str:
        pairs = list(zip(cells, widths, strict=True))
        names, numbers = pairs[:left], pairs[left:]
        return "  ".join([*(c.ljust(w) for c, w in names), *(c.rjust(w) for c, w in numbers)]).rstrip()

    return "\n".join([line(heads), rule, *map(line, body), rule, line(total)])

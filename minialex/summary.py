"""The summary of a net: what each layer makes, and what it costs."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from minialex.layer import Layer


class Row(NamedTuple):
    """One layer: its output's shape (no batch axis), parameters, multiply-adds an image, bytes of its output."""

    layer: str
    kind: str
    device: str
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    bytes: int


class Summary(NamedTuple):
    """The rows of a net and their totals; `print(summary(net, shape))` shows them as a table."""

    rows: list[Row]
    batch: int

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        return sum(row.multiply_adds for row in self.rows)

    def as_dict(self) -> dict:
        """The form of `minialex summary --json`."""
        return {
            "parameters": self.parameters,
            "multiply_adds": self.multiply_adds,
            "batch": self.batch,
            "layers": [row._asdict() for row in self.rows],
        }

    def __str__(self) -> str:
        heads = ("layer", "kind", "device", "output shape", "parameters", "multiply-adds", "bytes")
        body = [cells(row) for row in self.rows]
        total = (
            "total",
            "",
            "",
            "",
            f"{self.parameters:,}",
            f"{self.multiply_adds:,}",
            f"{sum(row.bytes for row in self.rows):,}",
        )
        widths = [max(map(len, column)) for column in zip(heads, *body, total, strict=True)]
        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        lines = [aligned(heads, widths), rule, *(aligned(line, widths) for line in body), rule, aligned(total, widths)]
        images = "one image" if self.batch == 1 else f"{self.batch} images"
        return "\n".join([*lines, f"multiply-adds: of one image; bytes: of the layer's output for {images}, float32"])


def summary(net: Layer, shape: tuple[int, ...], *, batch: int = 1) -> Summary:
    """Walks the layers of `net` for inputs of `shape` (no batch axis) and says what each makes and costs.

    Args:   shape, of one image (C, H, W); batch, images for which bytes are counted.
    Errors: ValueError if the images do not fit, naming the layer.
    """
    rows = []
    for prefix, layer, reads in net.flow(tuple(shape)):
        makes = tuple(layer.output_shape(reads))
        parameters = sum(prod(value.shape) for value in layer.params.values())
        name = prefix.removesuffix(".") or layer.name
        kind, device, bytes_ = type(layer).__name__, device_name(layer), 4 * batch * prod(makes)
        rows.append(Row(name, kind, device, makes, parameters, layer.multiply_adds(reads), bytes_))
    return Summary(rows, batch)


def device_name(layer: Layer) -> str:
    return repr(layer.device).partition("(workers")[0].lower()


def cells(row: Row) -> tuple[str, ...]:
    shape = "x".join(map(str, row.output_shape))
    counts = (f"{n:,}" if n else "" for n in (row.parameters, row.multiply_adds, row.bytes))
    return (row.layer, row.kind, row.device, shape, *counts)


def aligned(line: tuple[str, ...], widths: list[int]) -> str:
    """Names to the left, numbers to the right."""
    left, right = zip(line[:4], widths[:4], strict=True), zip(line[4:], widths[4:], strict=True)
    return "  ".join([*(cell.ljust(w) for cell, w in left), *(cell.rjust(w) for cell, w in right)]).rstrip()

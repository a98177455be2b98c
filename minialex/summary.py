"""The summary of a net: output, parameters and cost of each layer, and the traffic between groups."""

from math import prod
from typing import Any, NamedTuple

import numpy as np

from minialex.devices import host
from minialex.layer import Layer
from minialex.parallel import Communication
from minialex.parallel.tuples import letter
from minialex.printing import groups_of, summary_text


class Row(NamedTuple):
    """One layer: its output's shape (no batch axis), parameters, multiply-adds an image, bytes of its output."""

    layer: str
    kind: str
    device: str
    output_shape: tuple  # of a communication: one shape a group
    parameters: int
    multiply_adds: int
    bytes: int


class Transfer(NamedTuple):
    """The bytes that one communication sends from one group to another: forward, and backward the other way."""

    communication: str
    kind: str
    sender: str
    receiver: str
    forward: int
    backward: int


class Summary(NamedTuple):
    """The rows of a net and their totals; `print(summary(net, shape))` shows them as a table."""

    rows: list[Row]
    transfers: list[Transfer]
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
    def share_within_groups(self) -> float:
        """The share of the activations, in bytes, that stay in their group; images do not count as activations."""
        communications = {transfer.communication for transfer in self.transfers}
        activations = sum(row.bytes for row in self.rows if row.layer not in communications)
        return 1 - sum(transfer.forward for transfer in self.transfers if transfer.backward) / activations

    def as_dict(self) -> dict:
        """Return what `minialex summary --json` prints."""
        return {
            "parameters": self.parameters,
            "multiply_adds": self.multiply_adds,
            "batch": self.batch,
            "layers": [row._asdict() for row in self.rows],
            "communications": [transfer._asdict() for transfer in self.transfers],
        }

    def __str__(self) -> str:
        return summary_text(self)


def summary(net: Layer, shape: tuple[int, ...], *, batch: int = 1) -> Summary:
    """Return the table of a net: what each layer computes from inputs of `shape` (no batch axis), and what it costs.

    Args:   shape, of one image (C, H, W); batch, images for which bytes are counted.
    Errors: ValueError if the images do not fit, naming the layer.
    """
    rows, transfers = [], []
    for prefix, layer, reads in net.flow(tuple(shape)):
        makes = tuple(layer.output_shape(reads))
        parameters = sum(prod(value.shape) for value in layer.params.values())
        name, kind = prefix.removesuffix(".") or layer.name, type(layer).__name__
        written = 4 * batch * sum(map(prod, groups_of(makes)))
        rows.append(Row(name, kind, device_name(layer), makes, parameters, layer.multiply_adds(reads), written))
        if isinstance(layer, Communication):
            for (i, j), elements in sorted(layer.traffic(reads).items()):
                sent = 4 * batch * elements
                transfers.append(Transfer(name, kind, letter(i), letter(j), sent, sent * layer.input_gradient))
    return Summary(rows, transfers, batch)


def device_name(layer: Layer) -> str:
    devices = layer.devices if isinstance(layer, Communication) else (layer.device,)
    names = (repr(device).partition("(workers")[0].lower() for device in devices)
    return ", ".join(dict.fromkeys(names))  # each once


def activations(net: Layer, x) -> dict[str, Any]:
    """Return the output of every layer for the inputs x, by the layer's name, in evaluation mode and in main memory.

    Where groups pass on one array each, the value is a tuple. The net is set back to training mode if it was in it.
    """
    was_training = net.training
    net.eval()
    try:
        return {name: in_memory(y) for name, y in net.outputs(net.device.put(x))}
    finally:
        if was_training:
            net.train()


def in_memory(y):
    """Return a copy of an array, or of each of several, in main memory."""
    return tuple(map(in_memory, y)) if isinstance(y, tuple) else np.array(host.put(y))

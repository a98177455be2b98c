"""The summary of a net: output, parameters and cost of each layer, and the traffic between groups."""

from typing import NamedTuple

from minialex.summary.counts import Counts, by_category, total, with_shares
from minialex.summary.text import summary_text


class Row(NamedTuple):
    """One layer: its output's shape (no batch axis), parameters, multiply-adds an image, bytes of its output."""

    layer: str
    kind: str
    device: str
    output_shape: tuple  # of a communication: one shape a group
    parameters: int
    multiply_adds: int
    bytes: int
    category: str  # convolutional, dense or other
    neurons: int  # outputs of a layer with weights (`counts.py`)
    connections: int  # their inputs and biases


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
    inputs: int  # of the net, one image: pixels times channels

    @property
    def counts(self) -> Counts:
        """Parameters, multiply-adds, neurons and connections of the net."""
        return total(self.rows)

    @property
    def parameters(self) -> int:
        return self.counts.parameters

    @property
    def multiply_adds(self) -> int:
        return self.counts.multiply_adds

    @property
    def neurons(self) -> int:
        return self.counts.neurons

    @property
    def connections(self) -> int:
        return self.counts.connections

    @property
    def bytes(self) -> int:
        return sum(row.bytes for row in self.rows)

    @property
    def by_category(self) -> dict[str, Counts]:
        """The same of convolutional, dense and other layers."""
        return by_category(self.rows)

    @property
    def share_within_groups(self) -> float:
        """The share of the activations, in bytes, that stay in their group; images do not count as activations."""
        communications = {transfer.communication for transfer in self.transfers}
        activations = sum(row.bytes for row in self.rows if row.layer not in communications)
        return 1 - sum(transfer.forward for transfer in self.transfers if transfer.backward) / activations

    def as_dict(self) -> dict:
        """Return what `minialex summary --json` prints."""
        categories = {name: with_shares(counts, self.counts) for name, counts in self.by_category.items()}
        return {
            **self.counts._asdict(),
            "inputs": self.inputs,
            "batch": self.batch,
            "categories": categories,
            "layers": [row._asdict() for row in self.rows],
            "communications": [transfer._asdict() for transfer in self.transfers],
        }

    def __str__(self) -> str:
        return summary_text(self)

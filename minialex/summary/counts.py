"""Neurons and connections as papers count them, and the kind of each layer.

A neuron is an output of a layer that multiplies by weights: of a convolution, a local or a dense layer. Inputs of the
net are counted apart, and ReLU, normalization, pooling and dropout add none: they change the outputs that are there.

A connection is one input of one neuron, or its bias: multiply-adds + neurons. A shared weight has a connection for
each neuron that uses it, and the zeros of the padding count as inputs. So Y. LeCun et al., "Gradient-Based Learning
Applied to Document Recognition" (1998), count 122,304 in LeNet-5's C1, of 156 parameters and 4,704 neurons.
"""

from collections.abc import Iterable
from math import prod
from typing import Any, NamedTuple

from minialex.layer import Layer
from minialex.layers import Conv2D, Dense
from minialex.printing import groups_of


class Counts(NamedTuple):
    """What layers of one category have in all."""

    parameters: int
    multiply_adds: int  # of one image
    neurons: int
    connections: int


def category(layer: Layer) -> str:
    """Return the category of a layer: convolutional, dense or other."""
    return "convolutional" if isinstance(layer, Conv2D) else "dense" if isinstance(layer, Dense) else "other"


def units(layer: Layer, reads: tuple, makes: tuple) -> tuple[int, int]:
    """Return a layer's neurons and connections; `reads` and `makes` are the shapes of its input and its output."""
    multiply_adds = layer.multiply_adds(reads)
    neurons = sum(map(prod, groups_of(makes))) if multiply_adds else 0
    return neurons, multiply_adds + (neurons if "b" in layer.params else 0)


def total(rows: Iterable[Any]) -> Counts:
    """Return the sums over rows of a summary."""
    rows = list(rows)
    return Counts(*(sum(getattr(row, name) for row in rows) for name in Counts._fields))


def by_category(rows: list[Any]) -> dict[str, Counts]:
    """Return the sums over the layers of each category; other layers only where they have parameters."""
    sums = {name: total(row for row in rows if row.category == name) for name in ("convolutional", "dense", "other")}
    return {name: counts for name, counts in sums.items() if name != "other" or any(counts)}


def with_shares(counts: Counts, whole: Counts) -> dict[str, int | float]:
    """Return the counts, and the fractions of the net's parameters and multiply-adds, under their names."""
    names = ("parameters", "multiply_adds")
    shares = {f"share_of_{name}": getattr(counts, name) / (getattr(whole, name) or 1) for name in names}
    return counts._asdict() | shares

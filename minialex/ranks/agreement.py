"""Agreement of ranks: what each of them has, known to all, so that all do the same at the same step."""

from typing import TypeVar

from minialex.devices.mpi import is_started
from minialex.layer import Layer

T = TypeVar("T")


def of_ranks(net: Layer, value: T) -> list[T]:
    """Return the value of every rank that a net is split over, in order; of a net in one process its own.

    All ranks must call it, at the same point of their program. In one process it costs nothing that could be measured.
    """
    if not is_started():
        return [value]
    links = (getattr(layer, "link", None) for _, layer in net.walk())
    link = next((link for link in links if link is not None), None)
    return [value] if link is None else link.each(value)

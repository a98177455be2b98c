"""Random numbers over ranks: each rank draws for the whole batch, so that splitting changes no mask of dropout."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from minialex.layer import Layer
from minialex.parallel.replicas import RowsOf


@contextmanager
def drawing_for_all(net: Layer, start: int, total: int) -> Iterator[None]:
    """Let the generators of a net draw for `total` images, and return the numbers of those that begin at `start`."""
    drawing = [(layer, layer.rng) for _, layer in net.walk() if layer.rng is not None]
    for layer, rng in drawing:
        layer.rng = RowsOf(rng, min(start, total - 1), total)  # type: ignore[assignment]
    try:
        yield
    finally:
        for layer, rng in drawing:
            layer.rng = rng


class ColumnsOf:
    """A generator that draws for all units of a layer and returns the numbers of some of them."""

    def __init__(self, rng: np.random.Generator, units: slice, total: int):
        self.rng, self.units, self.total = rng, units, total
        self.bit_generator = rng.bit_generator

    def random(self, shape: tuple, dtype) -> np.ndarray:
        return self.rng.random((shape[0], self.total), dtype=dtype)[:, self.units]

"""A situation: what a layer of ours has before it when it computes, for the arrays that mistakes would give."""

import copy
from typing import Any, NamedTuple, Self

import numpy as np

from minialex.layer import Layer
from minialex.tutor.trial import Trial


class Situation(NamedTuple):
    """Our layer with its input, output and parameters; dy is None where only y is in question."""

    layer: Any
    x: np.ndarray
    y: np.ndarray
    dy: Any
    W: Any
    b: Any
    labels: Any

    @classmethod
    def of(cls, theirs: Trial, dy) -> Self:
        """Return the situation of a trial of one of our layers."""
        params = theirs.layer.params
        return cls(theirs.layer, theirs.x, theirs.value(), dy, params.get("W"), params.get("b"), theirs.labels)

    def with_settings(self, **changes) -> Layer:
        """Return a copy of the layer with other attributes."""
        layer = copy.deepcopy(self.layer)
        for name, value in changes.items():
            setattr(layer, name, value)
        return layer

    def forward(self, x: np.ndarray | None = None, W=None, b=None, **changes) -> np.ndarray | None:
        """Return y with another input, other parameters or settings; None where they do not fit."""
        layer = self.with_settings(**changes)
        layer.params |= {name: value for name, value in {"W": W, "b": b}.items() if value is not None}
        try:
            return np.array(layer.forward(self.x if x is None else x))
        except ValueError:
            return None

    def backward(self, x: np.ndarray | None = None, W=None, dy=None, **changes) -> np.ndarray | None:
        """Return dx with another input, other weights or settings; None where they do not fit."""
        layer = self.with_settings(**changes)
        layer.params |= {} if W is None else {"W": W}
        try:
            layer.forward(self.x if x is None else x)
            return np.array(layer.backward(self.dy if dy is None else dy))
        except ValueError:
            return None

"""A setting: one of our layers with an input, at which a submission's layer is compared with it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from minialex.gradcases import Maker, separated
from minialex.layer import Layer
from minialex.tutor.trial import Trial

NONE: Mapping[str, Any] = MappingProxyType({})


class Setting(NamedTuple):
    """A layer's arguments and the shape of an input; or an example worked by hand, with all of its numbers.

    Args:   name, in the table of results; make, our layer; shape, of a random x; labels, of a loss; hidden, whether it
            is checked with --hidden only; x, params, dy, of an example; right, its values: y, x (of dx), W, b;
            initial, whether the parameters are the initial ones of ours (of a whole net), not random numbers.
    """

    name: str
    make: Maker
    shape: tuple[int, ...] = ()
    labels: Any = None
    hidden: bool = False
    x: Any = None
    params: Mapping[str, Any] = NONE
    dy: Any = None
    right: Mapping[str, Any] = NONE
    initial: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether it is an example worked by hand."""
        return self.x is not None

    def theirs(self, rng: np.random.Generator) -> Trial:
        """Return our layer with an input and random parameters, or those of the example."""
        layer = self.make(rng)
        x = separated(self.shape, rng) if self.x is None else np.array(self.x, dtype="float64")
        trial = Trial(layer, x, None if self.labels is None else np.array(self.labels))
        state = trial.layer.state()
        if not self.initial:
            state = {name: rng.standard_normal(value.shape) for name, value in state.items()}
        state |= {name: np.array(value, dtype="float64") for name, value in self.params.items()}
        trial.layer.load_state(state)
        return trial

    def mine(self, layer: Layer, theirs: Trial, path) -> Trial:
        """Return a submission's layer with the same input, labels and mode."""
        layer = layer.train() if self.make.training else layer.eval()
        return Trial(layer, theirs.x, theirs.labels, path=path)

    def upstream(self, theirs: Trial, rng: np.random.Generator) -> np.ndarray:
        """Return dy: that of the example, or a random one; of a loss 1."""
        if self.dy is not None:
            return np.array(self.dy, dtype="float64")
        return np.ones(1) if theirs.labels is not None else rng.standard_normal(theirs.value().shape)

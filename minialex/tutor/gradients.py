"""What backward computed, in two rounds, and the promises that it broke."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from minialex.devices import host
from minialex.layer import Layer
from minialex.tutor.protocol import changed, copies
from minialex.tutor.trial import Trial


class Gradient(NamedTuple):
    """What backward computed for x or a parameter, in a first and in a second round."""

    name: str  # "x", or the full name of a parameter
    key: str
    layer: Layer  # that computed it
    variable: Any
    ours: Any  # None where backward computed nothing
    again: Any


def gradients_of(trial: Trial, dy: np.ndarray, gradients: list[Gradient]) -> Iterator[tuple[str, str]]:
    """Run forward and backward twice, fill `gradients`, and yield a sentence and place for each broken promise."""
    rounds, before, told = [], copies(trial), set()
    for _ in range(2):
        trial.forward()
        given = dy.copy()
        drawn = trial.drawn
        dx = trial.backward(given)
        if trial.drawn != drawn:
            told.add("backward draws from self.rng: remember what forward drew")
        rounds.append(({"x": kept(dx)} if dx is not None else {}) | grads_of(trial))
        if not np.array_equal(given, dy):
            told.add("backward writes into dy, which belongs to the caller: make a new array, dx = dy.copy()")
        for name in changed(trial, before):
            told.add(f'backward changes params["{name}"]: it only computes grads, the update rule changes params')
    yield from ((text, trial.place("backward")) for text in sorted(told))
    first, second = rounds
    if first.keys() & {"x"} or all(inner.input_gradient for _, inner in trial.layer.walk()):
        gradients.append(Gradient("x", "x", trial.layer, trial.x, first.get("x"), second.get("x")))
    for name, inner, key in trial.layer.parameters():
        gradients.append(Gradient(name, key, inner, inner.params[key], first.get(name), second.get(name)))


def grads_of(trial: Trial) -> dict[str, np.ndarray]:
    """Return a copy of the gradients that backward left in `grads`."""
    return {name: kept(inner.grads[key]) for name, inner, key in trial.layer.parameters() if key in inner.grads}


def kept(array) -> np.ndarray:
    """Return a copy of an array, in main memory."""
    return np.array(host.put(array))

"""Trial: a copy of a layer in float64 that can be called again and again with the same result."""

import copy
from pathlib import Path

import numpy as np

from minialex.devices import host
from minialex.layer import Layer
from minialex.tutor.location import place_of_method
from minialex.tutor.verdict import Mistake


class Trial:
    """A copy of a layer, or of a loss with its labels, and an input, for the checks, all in main memory.

    Args:   labels, of a loss (None: a layer); path, the student's file.
    """

    def __init__(self, layer: Layer, x, labels=None, *, path: Path | None = None, dtype: str = "float64"):
        check_layer(layer, path)
        self.layer = copy.deepcopy(layer).to(host).astype(dtype)
        self.x, self.labels, self.path = checked_input(x, layer).astype(dtype), labels, path
        self.draws = [(inner.rng, inner.rng.bit_generator.state) for _, inner in self.layer.walk() if inner.rng]
        self.given = self.x

    @property
    def kind(self) -> str:
        return type(self.layer).__name__

    def place(self, method: str, word: str = "") -> str:
        """Return where the student's class defines a method."""
        return place_of_method(self.layer, method, word, self.path)

    def forward(self):
        """Return what forward returns for a copy of x (kept as `given`), with the same random draws each time."""
        for generator, state in self.draws:
            generator.bit_generator.state = state
        self.given = self.x.copy()
        labels = () if self.labels is None else (copy.deepcopy(self.labels),)
        return self.layer.forward(self.given, *labels)

    @property
    def drawn(self) -> list:
        """The states of the generators, to see whether a call has drawn from them."""
        return [generator.bit_generator.state for generator, _ in self.draws]

    def value(self) -> np.ndarray:
        """Return the output as an array of its own; a loss is an array of one element."""
        y = np.array(host.put(self.forward()), dtype="float64")
        return y if self.labels is None else y.reshape(1)

    def backward(self, dy):
        """Return what backward returns; the loss itself starts from 1."""
        return self.layer.backward(dy) if self.labels is None else self.layer.backward()  # type: ignore[call-arg]

    def parameters(self) -> dict[str, np.ndarray]:
        """Return the copy's own parameters by their full names; what is changed in them changes the layer."""
        return {name: inner.params[key] for name, inner, key in self.layer.parameters()}


def check_layer(layer, path: Path | None) -> None:
    """Check that the object is a Layer, made as a Layer must be."""
    if isinstance(layer, type):
        raise Mistake(f"expected a layer, got the class {layer.__name__}; create it: {layer.__name__}()")
    kind = type(layer).__name__
    if not isinstance(layer, Layer):
        text = f"expected a Layer, got a {kind}"
        advice = f"write class {kind}(Layer)" if hasattr(layer, "backward") else "example returns (layer, x)"
        raise Mistake(f"{text}; {advice}", place_of_method(layer, "forward", "", path))
    for _, inner in [("", layer)] if "layers" not in vars(layer) else layer.walk():
        if "params" not in vars(inner) or "_remembered" not in vars(inner):
            place = place_of_method(inner, "__init__", "", path)
            raise Mistake(f"{type(inner).__name__}: call super().__init__() at the start of __init__", place)
        for key, value in inner.params.items():
            if getattr(value, "shape", None) is None or isinstance(value, np.generic):
                text = f'params["{key}"] is no array but a {type(value).__name__}: write np.array(...)'
                raise Mistake(text, place_of_method(inner, "__init__", f'["{key}"]', path))


def checked_input(x, layer: Layer) -> np.ndarray:
    """Return x in main memory, an array of real numbers with at least one element."""
    array = host.put(x)
    if array.dtype.kind not in "fiub" or array.size == 0:
        got = f"{array.dtype} {array.shape}"
        raise Mistake(f"expected x to be an array of numbers, at least one, got {got}; see example(rng)")
    if not np.all(np.isfinite(array)):
        raise Mistake("x has nan or inf in it: choose other values in example(rng)")
    return array

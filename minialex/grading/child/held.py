"""What a layer holds, as numbers and arrays that a frame can carry: parameters, random states, results."""

from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from minialex.grading.frames import KINDS
from minialex.layer import Layer
from minialex.tutor.verdict import Mistake


def parameters(layer: Layer) -> dict[str, np.ndarray]:
    """Return every parameter by its full name."""
    return {f"params {name}": kept(inner.params[key]) for name, inner, key in layer.parameters()}


def gradients(layer: Layer) -> dict[str, np.ndarray]:
    """Return every gradient by its full name, those of no parameter too."""
    return {f"grads {prefix}{key}": kept(value) for prefix, one in layer.walk() for key, value in one.grads.items()}


def lines(layer: Layer, path: Path) -> dict[str, int]:
    """Return the first lines of the methods that a submission defines; 0 if they are not in its own file."""
    methods = {name: getattr(type(layer), name) for name in ("forward", "backward", "output_shape")}
    codes = {name: getattr(method, "__code__", None) for name, method in methods.items()
             if method is not getattr(Layer, name)}  # fmt: skip
    own = str(path.absolute())
    return {name: code.co_firstlineno if code and code.co_filename == own else 0 for name, code in codes.items()}


def put(layer: Layer, arrays: dict) -> None:
    """Set the parameters to those that came with a request."""
    for name, inner, key in layer.parameters():
        if f"params {name}" in arrays:
            inner.params[key] = arrays[f"params {name}"].copy()


def states(layer: Layer) -> list:
    """Return the states of all random number generators, in the order of the layers."""
    return [inner.rng.bit_generator.state for _, inner in layer.walk() if inner.rng is not None]


def draw_from(layer: Layer, given: list) -> None:
    """Set the states of the generators; none was given at the first request."""
    generators = [inner.rng for _, inner in layer.walk() if inner.rng is not None]
    for generator, state in zip(generators, given, strict=False):
        generator.bit_generator.state = state


def numbers_of(layer: Layer) -> dict[str, float]:
    """Return the numbers among a layer's attributes, for guesses such as "not divided by self.n"."""
    return {name: value for name, value in vars(layer).items()
            if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)}  # fmt: skip


def plain_values(named: dict[str, Any]) -> dict[str, float | str]:
    """Return the finite numbers and the texts among named values."""
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in named.items()}
    return {name: value for name, value in plain.items()
            if isinstance(value, str) or (isinstance(value, int | float) and isfinite(value))}  # fmt: skip


def result(value: Any) -> tuple[str, dict[str, np.ndarray]]:
    """Return the type of a result, and the result itself where it is an array or a number."""
    kind = type(value).__name__
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in KINDS:
        return "ndarray" if isinstance(value, np.ndarray) else "float", {"value": kept(value)}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "float", {"value": np.array(value, dtype="float64")}
    return kind, {}


def kept(value: Any) -> np.ndarray:
    """Return an array that a frame can carry."""
    array = np.array(value)
    if array.dtype.kind not in KINDS:
        raise Mistake(f"an array of Python objects ({array.dtype}) among the parameters or gradients")
    return array

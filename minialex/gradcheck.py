"""Gradient checks: is `backward` really the derivative of `forward`?

Students check *their* layers with it: `check_gradients(MyLayer(), x, rng=rng)`, or, from a file,
`minialex gradcheck my_layer.py`, which also says what may be wrong (`tutor/`).
"""

import copy
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from minialex.checks import check_kinds, check_numbers, check_rng, described, expected
from minialex.devices import Device, host
from minialex.layer import Layer
from minialex.sequential import Sequential


class Comparison(NamedTuple):
    """One gradient against finite differences: how far apart, and at which index most."""

    error: float  # max |ours - numeric| / max(|ours|, |numeric|); nan if anything is
    worst: tuple[int, ...]  # the index where they are furthest apart
    ours: float
    numeric: float


def check_gradients(layer: Layer, x, *, rng: np.random.Generator, eps: float = 1e-6) -> dict[str, float]:
    """Compare a layer's gradients with central differences, in float64, for a random dy.

        d<dy, y> / dv  =  <dy, y(v + eps) - y(v - eps)> / (2 eps)         for each element v of x, W, b, ...

    where <dy, y> is the inner product, the sum of dy * y.

    Return the relative errors {"x": ..., "W": ..., "b": ...}; those of correct gradients stay below 1e-6. The layer
    is copied, so the caller's is left as it was.

    Args:   x, an input whose elements are farther than eps from points without a derivative (0 for ReLU, equal values
            for MaxPool).
    """
    return {name: comparison.error for name, comparison in compare_gradients(layer, x, rng=rng, eps=eps).items()}


def compare_gradients(layer: Layer, x, *, rng: np.random.Generator, eps: float = 1e-6) -> dict[str, Comparison]:
    """Compare as check_gradients does, and return the index where each gradient is worst too."""
    check_given(layer, x, rng, eps)
    layer = copy.deepcopy(layer).astype("float64")
    net = Sequential(**{layer.name: layer})  # which makes the layer's device current
    x = layer.device.put(np.array(host.put(x), dtype="float64"))
    draws = [(inner.rng, inner.rng.bit_generator.state) for _, inner in layer.walk() if inner.rng]

    def forward():
        for generator, state in draws:  # the same random draws every time
            generator.bit_generator.state = state
        return np.array(host.put(net.forward(x)))  # a copy: y may be a view of x, which changes in place

    dy = rng.standard_normal(forward().shape)
    for _ in range(2):  # twice: a layer that adds to its grads, instead of assigning them, has doubled them by then
        forward()
        dx = net.backward(given := layer.device.put(dy.copy()))
        if not np.array_equal(host.put(given), dy):
            raise ValueError(f"{layer.name}: backward writes into dy, which belongs to the caller; make a new array")
    needed = all(inner.input_gradient for _, inner in layer.walk())  # then dx = None is a forgotten return
    checked = {"x": (layer.device, x, dx)} if needed or dx is not None else {}
    checked |= {name: (own.device, own.params[key], own.grads.get(key)) for name, own, key in layer.parameters()}
    return {
        name: compare(name, ours, central_differences(forward, dy, variable, eps, device))
        for name, (device, variable, ours) in checked.items()
    }


def check_given(layer, x, rng, eps) -> None:
    """Check the arguments of `check_gradients`."""
    check_kinds("check_gradients", Layer, "create it: ReLU(), not ReLU", layer=layer)
    check_rng("check_gradients", rng)
    check_numbers("check_gradients", 1e-12, 1, eps=eps)
    if host.put(x).dtype.kind not in "fiu":
        raise expected("check_gradients", "x to be an array of numbers", described(x), "pass an input of the layer")


def central_differences(
    forward: Callable[[], np.ndarray], dy: np.ndarray, variable, eps: float, device: Device = host
) -> np.ndarray:
    """Return the derivative of <dy, forward()> with respect to each element of `variable`, which forward reads."""
    numeric = np.empty(variable.shape)
    for index in np.ndindex(*variable.shape):
        below, above = both_sides(forward, variable, index, eps, device)
        numeric[index] = np.sum(dy * (above - below)) / (2 * eps)  # the difference first: it loses fewer digits
    return numeric


def both_sides(
    forward: Callable[[], np.ndarray], variable, index: tuple, eps: float, device: Device = host
) -> tuple[np.ndarray, np.ndarray]:
    """Return forward() with one element of `variable` smaller by eps, and larger by eps."""
    middle = float(variable[index])
    device.assign(variable, index, middle + eps)
    above = forward()
    device.assign(variable, index, middle - eps)
    below = forward()
    device.assign(variable, index, middle)
    return below, above


def compare(name: str, ours, numeric: np.ndarray) -> Comparison:
    """Return the largest difference relative to the largest gradient, and its index; no gradient counts as zeros."""
    ours = np.zeros_like(numeric) if ours is None else host.put(ours)
    if ours.shape != numeric.shape:
        raise ValueError(
            f"the gradient of {name}: expected shape {numeric.shape}, that of {name} itself, got {ours.shape}; "
            "sum over the axes along which it was broadcast"
        )
    with np.errstate(invalid="ignore"):  # inf - inf is nan, which is what the answer should be
        difference = np.abs(ours - numeric)
        worst = np.unravel_index(np.argmax(difference), difference.shape)  # argmax goes to the first nan
        scale = max(np.max(np.abs(ours)), np.max(np.abs(numeric)))
        error = float(difference[worst] / scale) if scale != 0 else 0.0
    return Comparison(error, tuple(map(int, worst)), float(ours[worst]), float(numeric[worst]))

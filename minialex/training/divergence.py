"""Divergence: a loss that is no longer finite, and where that began."""

import numpy as np

from minialex.devices import host
from minialex.sequential import Sequential
from minialex.training.sgd import SGD


class Diverged(RuntimeError):
    """A loss that became infinite or not a number."""


def no_warnings() -> np.errstate:
    """Silence NumPy's warnings of overflow: the loss shows it."""
    return np.errstate(over="ignore", invalid="ignore")


def diverged(where: str, loss: float, net: Sequential, images, sgd: SGD) -> Diverged:
    """Return the error for a loss that is not finite, with its cause."""
    return Diverged(f"{where}: the loss is {loss}; {cause(net, images, sgd)}")


def cause(net: Sequential, images, sgd: SGD) -> str:
    """Return which values stopped being finite first, and what to do about it."""
    advice = f"the rate is {sgd.lr * sgd.factor:g} (biases {sgd.bias_lr:g}); try a tenth of it"
    if not is_finite(images):
        return "the images hold values that are not finite; check the data"
    for name, layer, key in net.parameters():
        if not is_finite(layer.params[key]):
            return f"it began with {name}, the first parameter that is not finite; {advice}"
    for name, output in net.outputs(images):
        if not is_finite(output):
            return f"every parameter is finite, the output of {name} is not; {advice}"
    return f"every parameter and every layer's output is finite; {advice}"


def is_finite(value) -> bool:
    """Tell whether all elements of an array are finite, or of each of several arrays."""
    arrays = value if isinstance(value, tuple) else (value,)
    return all(bool(host.xp.all(host.xp.isfinite(host.put(array)))) for array in arrays)

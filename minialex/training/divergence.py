"""Divergence: loss or weights that are no longer finite, and where that began.

The loss of each step shows what came out of forward, the weights after it what came out of backward and the update:
both cost nearly nothing. `finite_layers.py` looks at every layer, which costs more.
"""

import numpy as np

from minialex.devices import Elsewhere, host
from minialex.ranks import of_ranks
from minialex.sequential import Sequential
from minialex.training.sgd import SGD


class Diverged(RuntimeError):
    """A loss, or weights, that became infinite or not a number."""


def no_warnings() -> np.errstate:
    """Silence NumPy's warnings of overflow: the loss shows it."""
    return np.errstate(over="ignore", invalid="ignore")


def check_loss(where: str, loss: float, net: Sequential, images, sgd: SGD) -> None:
    """Check that the loss of a step is finite.

    Errors: Diverged, naming the first parameter or layer whose values are not.
    """
    if not np.isfinite(loss):
        raise Diverged(f"{where}: the loss is {loss}; {cause(net, images, sgd)}")


def check_update(where: str, net: Sequential, sgd: SGD) -> None:
    """Check that the weights are finite after a step, where the update rule has seen that some may not be.

    Errors: Diverged, naming the parameter that backward or the update has come to first: the last one of the net.
    """
    if not any(of_ranks(net, bool(sgd.suspects))):
        return
    sgd.suspects, lost = set(), not_finite(net, "params")
    if not lost:  # only their sum was too large
        return
    of_gradient = [name for name in not_finite(net, "grads") if name in lost]
    began = (
        f"the gradient of {of_gradient[-1]}" if of_gradient else f"the update of {lost[-1]}, whose gradient is finite"
    )
    raise Diverged(f"{where}: {len(lost)} parameters are no longer finite; it began with {began}; {advice(sgd)}")


def cause(net: Sequential, images, sgd: SGD) -> str:
    """Return which values stopped being finite first, and what to do about it; all ranks look, and say the same."""
    if not all(of_ranks(net, is_finite(images))):
        return "the images hold values that are not finite; check the data"
    if lost := not_finite(net, "params"):
        return f"it began with {lost[0]}, the first parameter that is not finite; {advice(sgd)}"
    here = [name for name, output in net.outputs(images) if not is_finite(output)]
    if first := [names[0] for names in of_ranks(net, here) if names]:
        return f"every parameter is finite, the output of {first[0]} is not; {advice(sgd)}"
    return f"every parameter and every layer's output is finite; {advice(sgd)}"


def not_finite(net: Sequential, kind: str) -> list[str]:
    """Return the full names of what is not finite on any rank, params or grads, in the order of the net."""
    named = [(name, getattr(layer, kind).get(key)) for name, layer, key in net.parameters()]
    here = [name for name, array in named if array is not None and not is_finite(array)]
    lost = {name for names in of_ranks(net, here) for name in names}
    return [name for name, _ in named if name in lost]


def advice(sgd: SGD) -> str:
    """Return what to do about it."""
    return f"the rate is {sgd.lr * sgd.factor:g} (biases {sgd.bias_lr:g}); try a tenth of it"


def is_finite(value) -> bool:
    """Tell whether all elements of an array are finite, or of each of several arrays; of a rank's, its own."""
    arrays = [array for array in (value if isinstance(value, tuple) else (value,)) if not isinstance(array, Elsewhere)]
    return all(bool(host.xp.all(host.xp.isfinite(host.put(array)))) for array in arrays)

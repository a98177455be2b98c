"""A look at every layer: which one computes something that is not finite, in the step where that begins.

The loss and the weights of a step show that something is not finite, but not always which layer it was: a ReLU makes
0 of -inf, a softmax NaN of inf. `minialex train --check-finite` looks at the output of each layer in forward, and at
each gradient in backward. On two cores of an Intel Xeon (Sapphire Rapids) that costs PERCENT of a step.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from minialex.layer import Layer
from minialex.sequential import Sequential
from minialex.training.divergence import Diverged, advice, is_finite
from minialex.training.sgd import SGD


@contextmanager
def finite_layers(net: Sequential, check_finite: bool, sgd: SGD) -> Iterator[None]:
    """Check what each single layer of the net returns, while it is trained (False: do nothing).

    Errors: Diverged, naming the layer and whether its input was finite.
    """
    layers = [layer for _, layer in net.walk() if check_finite and not layer.layers]
    for layer in layers:
        layer.forward = checked_forward(layer, layer.forward, sgd)  # type: ignore[method-assign]
        layer.backward = checked_backward(layer, layer.backward, sgd)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for layer in layers:
            del layer.forward, layer.backward  # the methods of its class appear again


def checked_forward(layer: Layer, forward: Callable, sgd: SGD) -> Callable:
    """Return a layer's forward, which checks its output, and the running means that it keeps."""

    def checked(x) -> Any:
        y = forward(x)
        check(layer, {"output": y, **layer.buffers}, "input", x, sgd)
        return y

    return checked


def checked_backward(layer: Layer, backward: Callable, sgd: SGD) -> Callable:
    """Return a layer's backward, which checks the gradients that it returns and keeps."""

    def checked(dy) -> Any:
        dx = backward(dy)
        gradients = {f"gradient with respect to {key}": grad for key, grad in {"x": dx, **layer.grads}.items()}
        check(layer, gradients, "gradient with respect to its output", dy, sgd)
        return dx

    return checked


def check(layer: Layer, results: dict[str, Any], given: str, value: Any, sgd: SGD) -> None:
    """Check that all results of a layer are finite."""
    for name, result in results.items():
        if result is not None and not is_finite(result):
            state = "is finite" if is_finite(value) else "is not finite either"
            raise Diverged(f"the {name} of {layer.label} is not finite, its {given} {state}; {advice(sgd)}")

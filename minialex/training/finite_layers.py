"""A look at every layer: which one computes something that is not finite, in the step where that begins.

The loss and the weights of a step show that something is not finite, but not always which layer it was: a ReLU makes
0 of -inf, a softmax NaN of inf. `minialex train --check-finite` looks at the output of each layer in forward, and at
each gradient in backward. What that costs is in docs/reliability.md.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from minialex.layer import Layer
from minialex.sequential import Sequential
from minialex.training.divergence import Diverged, advice, is_finite
from minialex.training.sgd import SGD


@contextmanager
def finite_layers(net: Sequential, check_finite: bool, sgd: SGD, epoch: int, step: int) -> Iterator[None]:
    """Check what each single layer of the net returns, while it is trained (False: do nothing).

    Args:   step, how many steps of the epoch have been taken.
    Errors: Diverged, naming the layer and whether its input was finite.
    """
    layers = [layer for _, layer in net.walk() if check_finite and not layer.layers and layer.device.here]
    look = Look(layers[0], sgd, epoch, step) if layers else None
    for layer in layers:
        layer.forward = look.forward(layer, layer.forward)  # type: ignore
        layer.backward = look.backward(layer, layer.backward)  # type: ignore
    try:
        yield
    finally:
        for layer in layers:
            del layer.forward, layer.backward  # the methods of its class appear again


class Look:
    """The checks of an epoch's steps; `first` is the layer that reads the images."""

    def __init__(self, first: Layer, sgd: SGD, epoch: int, step: int):
        self.first, self.sgd, self.epoch, self.step = first, sgd, epoch, step

    def forward(self, layer: Layer, forward: Callable) -> Callable:
        """Return a layer's forward, which checks its output, and the running means that it keeps."""

        def checked(x) -> Any:
            self.step += layer is self.first
            y = forward(x)
            self.check(layer, {"output": y, **layer.buffers}, "input", x)
            return y

        return checked

    def backward(self, layer: Layer, backward: Callable) -> Callable:
        """Return a layer's backward, which checks the gradients that it returns and keeps."""

        def checked(dy) -> Any:
            dx = backward(dy)
            gradients = {f"gradient with respect to {key}": grad for key, grad in {"x": dx, **layer.grads}.items()}
            self.check(layer, gradients, "gradient with respect to its output", dy)
            return dx

        return checked

    def check(self, layer: Layer, results: dict[str, Any], given: str, value: Any) -> None:
        """Check that all results of a layer are finite."""
        for name, result in results.items():
            if result is not None and not is_finite(result):
                text = f"the {name} of {layer.label} is not finite, its {given} is{'' if is_finite(value) else ' not'}"
                raise Diverged(f"epoch {self.epoch}, step {self.step}: {text}; {advice(self.sgd)}")

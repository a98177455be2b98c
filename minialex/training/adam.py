"""Adam, a variant that is not in AlexNet."""

from collections.abc import Callable
from functools import partial

import numpy as np

from minialex.checks import check_numbers, expected
from minialex.devices import host
from minialex.layer import Layer
from minialex.training.overflow import watched
from minialex.training.per_layer import PerLayer, no_gradient
from minialex.training.sgd import SGD


def adapt(w, m, v, gradient, lr: float, beta1: float, beta2: float, eps: float, decay: float) -> None:
    """Update a parameter w and its two running means m and v, in place; lr contains the corrections of both.

    m <- beta1 * m + (1 - beta1) * gradient
    v <- beta2 * v + (1 - beta2) * gradient**2
    w <- w - decay * w - lr * m / (sqrt(v) + eps)
    """
    m *= beta1
    m += (1 - beta1) * gradient
    v *= beta2
    v += (1 - beta2) * gradient * gradient
    w -= decay * w
    w -= lr * m / (v**0.5 + eps)


class Adam(SGD):
    """Adam, not in AlexNet: each weight has a rate of its own, from running means of its gradient (2014).

    Rates by layer, clipping, state and checkpoints are those of SGD. The decay is decoupled: it shrinks w by
    lr * weight_decay a step, whatever the gradient.

    Args:   lr; betas, of the two running means; eps, added to the root; weight_decay, one for all weights W or
            {layer name: decay}; biases have none.
    Source: D. Kingma and J. Ba, "Adam" (2014); I. Loshchilov and F. Hutter, "Decoupled Weight Decay" (2017).
    """

    def __init__(
        self, net: Layer, lr: float = 1e-3, *, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
        weight_decay: PerLayer = 0.0, lr_factors: dict[str, float] | None = None, clip: float | None = None,
    ):  # fmt: skip
        super().__init__(net, lr, 0.0, weight_decay, bias_decay=0.0, lr_factors=lr_factors, clip=clip)
        if not (isinstance(betas, tuple | list) and len(betas) == 2):
            raise expected("Adam", "betas to be two numbers", repr(betas), "write betas=(0.9, 0.999)")
        check_numbers("Adam", 0, 1, beta1=betas[0], beta2=betas[1])
        check_numbers("Adam", 0, float("inf"), eps=eps)
        self.betas, self.eps = betas, eps
        self.steps: dict[str, int] = {}
        self.squares: dict = {}  # running means of the squared gradients; `velocity` has those of the gradients

    def _update(self, name: str, layer: Layer, key: str) -> None:
        w, gradient = layer.params[key], layer.grads.get(key)
        if gradient is None:
            raise no_gradient("Adam", name)
        if name not in self.velocity or self.velocity[name].shape != w.shape:
            self.velocity[name], self.squares[name] = layer.device.put(w * 0), layer.device.put(w * 0)
            self.steps[name] = 0
        self.steps[name] += 1
        (beta1, beta2), t, rate = self.betas, self.steps[name], self._rate(name)
        root = (1 - beta2**t) ** 0.5
        rule: Callable = partial(
            adapt, lr=rate * root / (1 - beta1**t), beta1=beta1, beta2=beta2, eps=self.eps * root,
            decay=rate * self._decay(name),
        )  # fmt: skip
        rule = watched(rule, name, layer.device.xp, self.suspects)
        layer.device.elementwise(rule, w, self.velocity[name], self.squares[name], gradient)

    def state(self) -> dict[str, np.ndarray]:
        """Return a copy of both running means, in main memory: `conv1.W`, `squares/conv1.W`, `steps/conv1.W`."""
        squares = {f"squares/{name}": np.array(host.put(v)) for name, v in self.squares.items()}
        steps = {f"steps/{name}": np.array(t) for name, t in self.steps.items()}
        return super().state() | squares | steps

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Set both running means, each on the device of its parameter."""
        parts: dict[str, dict] = {"": {}, "squares": {}, "steps": {}}
        for name, value in state.items():
            part, _, parameter = name.rpartition("/")
            parts.setdefault(part, {})[parameter] = value
        if not parts[""].keys() == parts["squares"].keys() == parts["steps"].keys():
            what, got = "two running means and a number of steps for each parameter", "another state"
            raise expected("Adam", what, got, "use a state that Adam has made")
        super().load_state(parts["squares"])
        self.squares = self.velocity
        super().load_state(parts[""])
        self.steps = {name: int(t) for name, t in parts["steps"].items()}

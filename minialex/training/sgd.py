"""Stochastic gradient descent with the paper's momentum (section 5)."""

from functools import partial

import numpy as np

from minialex.checks import expected
from minialex.devices import host
from minialex.layer import Layer


def descend(w, v, gradient, lr: float, momentum: float, decay: float) -> None:
    """Update a parameter w and its velocity v, in place.

        v <- momentum * v - decay * lr * w - lr * gradient
        w <- w + v

    The decay is inside the velocity: it is divided with the rate, and momentum multiplies it too.
    """
    v *= momentum
    v -= (lr * decay) * w
    v -= lr * gradient
    w += v


class SGD:
    """The update rule for all parameters of a net: `descend`, with a velocity for each.

    Args:   lr, rate of the weights W; momentum; weight_decay, one for all weights or {layer name: decay};
            bias_lr, bias_decay, the same for the biases b (None: as for the weights, the paper's text);
            divide_bias_lr=False keeps the biases' rate when a schedule divides the weights' (the 2012 source).
    Errors: ValueError for a rate that is not positive, or a decay that is missing for a layer;
            RuntimeError if a step comes before a backward.
    """

    def __init__(
        self, net: Layer, lr: float, momentum: float = 0.9, weight_decay: float | dict[str, float] = 5e-4,
        bias_lr: float | None = None, bias_decay: float | None = None, *, divide_bias_lr: bool = True,
    ):  # fmt: skip
        self.net = net
        self.lr, self.bias_lr = float(lr), float(lr if bias_lr is None else bias_lr)
        self.momentum, self.weight_decay, self.bias_decay = float(momentum), weight_decay, bias_decay
        self.divide_bias_lr = divide_bias_lr
        self.factor = 1.0  # what a schedule has multiplied the rates by
        self.velocity: dict = {}
        self.devices = {name: layer.device for name, layer, _ in net.parameters()}
        for name, rate in {"lr": self.lr, "bias_lr": self.bias_lr}.items():
            if not rate > 0:
                raise expected("SGD", f"{name} to be positive", rate, "the paper begins with 0.01")
        for name in self.devices:
            self._decay(name)  # a missing one is found now, not at the first step

    def step(self) -> None:
        """Update every parameter with the gradients of the last backward."""
        self.net.each_parameter(self._update)

    def _update(self, name: str, w, gradient) -> None:
        if gradient is None:
            raise RuntimeError(f"SGD: {name} has no gradient yet; call net.backward(head.backward()) before step()")
        device = self.devices[name]
        if name not in self.velocity:
            self.velocity[name] = device.put(w * 0)
        rule = partial(descend, lr=self._rate(name), momentum=self.momentum, decay=self._decay(name))
        device.elementwise(rule, w, self.velocity[name], gradient)

    def _rate(self, name: str) -> float:
        if name.split(".")[-1] == "b":
            return self.bias_lr * (self.factor if self.divide_bias_lr else 1.0)
        return self.lr * self.factor

    def _decay(self, name: str) -> float:
        layer, _, key = name.rpartition(".")
        if key == "b" and self.bias_decay is not None:
            return self.bias_decay
        if not isinstance(self.weight_decay, dict):
            return self.weight_decay
        if layer not in self.weight_decay:
            got = f"one for {', '.join(self.weight_decay)} only"
            raise expected("SGD", f"weight_decay for {layer}", got, "add it")
        return self.weight_decay[layer]

    def state(self) -> dict[str, np.ndarray]:
        """Return a copy of the velocities, in main memory, under the parameters' names."""
        return {name: np.array(host.put(v)) for name, v in self.velocity.items()}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Set the velocities, each on the device of its parameter."""
        if extra := state.keys() - self.devices.keys():
            raise expected("SGD", "velocities of this net", sorted(extra), "use a state of the same net")
        shapes = {name: tuple(layer.params[key].shape) for name, layer, key in self.net.parameters()}
        for name, v in state.items():
            if np.shape(v) != shapes[name]:
                what = f"the velocity of {name} to be {shapes[name]}"
                raise expected("SGD", what, np.shape(v), "use a state of the same net")
        self.velocity = {name: self.devices[name].put(np.array(v)) for name, v in state.items()}

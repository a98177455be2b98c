"""Stochastic gradient descent with the paper's momentum."""

from math import prod

import numpy as np

from minialex.devices import host
from minialex.layer import Layer

PIECE = 2**16  # numbers that are updated at once: few enough to stay in the cache from line to line


class SGD:
    """The update rule (section 5).

        v <- momentum * v - decay * lr * w - lr * gradient
        w <- w + v

    The decay is inside the velocity: it is divided with the rate, and momentum multiplies it too.

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
        self.devices = {prefix + key: layer.device for prefix, layer in net.walk() for key in layer.params}
        for name, number in {"lr": self.lr, "bias_lr": self.bias_lr}.items():
            if not number > 0:
                raise ValueError(f"SGD: expected {name} to be positive, got {number}; the paper begins with 0.01")
        net.update(lambda name, parameter, _: self._decay(name))  # finds a missing decay now, not at the first step

    def step(self) -> None:
        """Updates every parameter from the gradients of the last backward."""
        self.net.update(self._update)

    def _update(self, name: str, w, gradient) -> None:
        if gradient is None:
            raise RuntimeError(f"SGD: {name} has no gradient yet; call net.backward(head.backward()) before step()")
        if name not in self.velocity:
            self.velocity[name] = self.devices[name].put(w * 0)
        v, lr, decay = self.velocity[name], self._rate(name), self._decay(name)
        n = len(w) if w.shape else 1  # a parameter may be a single number
        rows = max(1, PIECE * n // max(1, prod(w.shape)))

        def update(start: int, stop: int) -> None:
            for i in range(start, stop, rows):
                piece = (slice(i, min(i + rows, stop)), ...) if w.shape else ...
                move(v[piece], w[piece], gradient[piece], lr, self.momentum, decay)

        self.devices[name].share(update, n)

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
            raise ValueError(
                f"SGD: expected weight_decay for {layer}, got one for {', '.join(self.weight_decay)} only; add it"
            )
        return self.weight_decay[layer]

    def state(self) -> dict[str, np.ndarray]:
        """A copy of the velocities, in main memory, under the parameters' names."""
        return {name: np.array(host.put(v)) for name, v in self.velocity.items()}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Sets the velocities, each on the device of its parameter."""
        if extra := state.keys() - self.devices.keys():
            raise ValueError(f"SGD: expected velocities of this net, got {sorted(extra)}; use a state of the same net")
        shapes = {prefix + key: tuple(w.shape) for prefix, layer in self.net.walk() for key, w in layer.params.items()}
        for name, v in state.items():
            if np.shape(v) != shapes[name]:
                raise ValueError(f"SGD: expected the velocity of {name} to be {shapes[name]}, got {np.shape(v)}")
        self.velocity = {name: self.devices[name].put(np.array(v)) for name, v in state.items()}


def move(v, w, gradient, lr: float, momentum: float, decay: float) -> None:
    """The update rule, in place."""
    v *= momentum
    v -= (lr * decay) * w
    v -= lr * gradient
    w += v

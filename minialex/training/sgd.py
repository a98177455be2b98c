"""Stochastic gradient descent with the paper's momentum (section 5)."""

from functools import partial

import numpy as np

from minialex.checks import check_flags, check_kinds, check_numbers, expected, is_real
from minialex.convenience import words_explained
from minialex.devices import host
from minialex.layer import Layer
from minialex.one_thread import one_thread
from minialex.training.overflow import watched
from minialex.training.per_layer import PerLayer, check_names, no_gradient, value_for
from minialex.training.sgd_variants import clip_gradients, descend_nesterov


def descend(w, v, gradient, lr: float, momentum: float, decay: float) -> None:
    """Update a parameter w and its velocity v, in place.

    v <- momentum * v - decay * lr * w - lr * gradient,   w <- w + v

    The decay is inside the velocity: it is divided with the rate, and momentum multiplies it too.
    """
    v *= momentum
    v -= (lr * decay) * w
    v -= lr * gradient
    w += v


class SGD:
    """The update rule for all trainable parameters of a net: `descend`, with a velocity for each.

    Layers that are added, replaced or frozen later are noticed at the next step.

    Args:   lr, rate of the weights W; momentum; weight_decay, one for all weights or {layer name: decay};
            bias_lr, bias_decay, the same for the biases b (None: as for the weights, the paper's text);
            divide_bias_lr=False keeps the biases' rate when a schedule divides the weights' (the 2012 source);
            lr_factors, {layer name: factor} of both rates: {"fc8": 10}; nesterov, clip, variants: Nesterov's momentum;
            the largest norm that all gradients together may have (None: any).
    Errors: ValueError for numbers out of range, an unknown layer, one without a decay; RuntimeError without a backward.
    """

    @words_explained
    def __init__(
        self, net: Layer, lr: float, momentum: float = 0.9, weight_decay: PerLayer = 5e-4,
        bias_lr: float | None = None, bias_decay: float | None = None, *, divide_bias_lr: bool = True,
        lr_factors: dict[str, float] | None = None, nesterov: bool = False, clip: float | None = None,
    ):  # fmt: skip
        self.net = net
        self.lr, self.bias_lr = lr, lr if bias_lr is None else bias_lr
        self.momentum, self.weight_decay, self.bias_decay = momentum, weight_decay, bias_decay
        self.divide_bias_lr, self.lr_factors, self.suspects = divide_bias_lr, lr_factors or {}, set[str]()
        self.nesterov, self.clip, self.factor = nesterov, clip, 1.0  # what a schedule has multiplied the rates by
        self.velocity: dict = {}
        self._check()

    def _check(self) -> None:
        for name, rate in {"lr": self.lr, "bias_lr": self.bias_lr}.items():
            if not (is_real(rate) and 0 < rate < float("inf")):
                raise expected("SGD", f"{name} to be positive", repr(rate), "the paper begins with 0.01")
        check_numbers("SGD", 0, 1, momentum=self.momentum)
        check_numbers("SGD", 0, float("inf"), bias_decay=0 if self.bias_decay is None else self.bias_decay)
        check_flags("SGD", nesterov=self.nesterov, divide_bias_lr=self.divide_bias_lr)
        if self.clip is not None and not (is_real(self.clip) and self.clip > 0):
            raise expected("SGD", "clip to be positive, or None", repr(self.clip), "choose 1, say")
        for name, values in {"weight_decay": self.weight_decay, "lr_factors": self.lr_factors}.items():
            check_names("SGD", name, values, self.net)
        for name, _, _ in self.net.parameters():
            self._decay(name)  # a missing one is found now, not at the first step

    @one_thread
    def step(self) -> None:
        """Update every trainable parameter with the gradients of the last backward."""
        if self.clip is not None:
            clip_gradients(self.net, self.clip)
        self.net.each_parameter(self._update)

    def _update(self, name: str, layer: Layer, key: str) -> None:
        w, gradient, v = layer.params[key], layer.grads.get(key), self.velocity.get(name)
        if gradient is None:
            raise no_gradient(type(self).__name__, name)
        if v is None or v.shape != w.shape:  # of a new layer
            v = self.velocity[name] = layer.device.put(w * 0)
        rates = {"lr": self._rate(name), "momentum": self.momentum, "decay": self._decay(name)}
        rule = partial(descend_nesterov if self.nesterov else descend, **rates)
        layer.device.elementwise(watched(rule, name, layer.device.xp, self.suspects), w, v, gradient)

    def _rate(self, name: str) -> float:
        layer, _, key = name.rpartition(".")
        factor = value_for(layer, self.lr_factors, 1.0)
        if key == "b":
            return self.bias_lr * factor * (self.factor if self.divide_bias_lr else 1.0)
        return self.lr * factor * self.factor

    def _decay(self, name: str) -> float:
        layer, _, key = name.rpartition(".")
        if key == "b" and self.bias_decay is not None:
            return self.bias_decay
        decay = value_for(layer, self.weight_decay, None)
        if decay is None:
            names = ", ".join(self.weight_decay)  # type: ignore[arg-type]  # a float is for all layers
            raise expected("SGD", f"weight_decay for {layer}", f"one for {names} only", "add it")
        return decay

    def state(self) -> dict[str, np.ndarray]:
        """Return a copy of the velocities, in main memory, under the parameters' names."""
        return {name: np.array(host.put(v)) for name, v in self.velocity.items()}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Set the velocities, each on the device of its parameter."""
        check_kinds("SGD", dict, "pass what state() has returned", state=state)
        layers = {name: (layer, key) for name, layer, key in self.net.parameters()}
        if extra := state.keys() - layers.keys():
            raise expected("SGD", "velocities of this net", sorted(extra), "use a state of the same net")
        for name, v in state.items():
            layer, key = layers[name]
            if np.shape(v) != (shape := tuple(layer.params[key].shape)):
                what = f"the velocity of {name} to be {shape}"
                raise expected("SGD", what, np.shape(v), "use a state of the same net")
        self.velocity = {name: layers[name][0].device.put(np.array(v)) for name, v in state.items()}

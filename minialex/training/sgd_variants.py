"""Variants of the update rule, not in AlexNet: Nesterov's momentum and gradient clipping."""

import math
from threading import Lock

from minialex.layer import Layer


def descend_nesterov(w, v, gradient, lr: float, momentum: float, decay: float) -> None:
    """Update w and v as Nesterov's momentum does, in place: a variant, not in AlexNet.

    v <- momentum * v - lr * g,   w <- w + momentum * v - lr * g,   g = gradient + decay * w
    """
    step = lr * (gradient + decay * w)
    v *= momentum
    v -= step
    w += momentum * v - step


def clip_gradients(net: Layer, largest: float) -> float:
    """Scale all gradients of the trainable parameters, in place, so that their norm is at most `largest`.

        g <- g * min(1, largest / norm),   norm = sqrt(sum of g**2 over all parameters)

    Return the norm before. Where it is not finite, nothing is scaled: the loss will show it.

    Source: R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks" (2013).
    """
    squares: list[float] = []
    lock = Lock()  # groups on distinct devices are visited at the same time

    def add(name: str, layer: Layer, key: str) -> None:
        square = float(layer.device.xp.sum(layer.grads[key] ** 2)) if layer.grads.get(key) is not None else 0.0
        with lock:
            squares.append(square)

    net.each_parameter(add)
    norm = math.sqrt(sum(sorted(squares))) if all(map(math.isfinite, squares)) else math.inf

    def scale(name: str, layer: Layer, key: str) -> None:
        if layer.grads.get(key) is not None:
            layer.grads[key] *= largest / norm

    if largest < norm < math.inf:
        net.each_parameter(scale)
    return norm

"""Initial weights: normal, of a standard deviation that is given or follows from the size of the layer.

    none      0.01                            section 5 of the paper, for inputs of some 50 levels of 255
    he        sqrt(2 / fan_in)                keeps the signal's size through layers with ReLU
    xavier    sqrt(2 / (fan_in + fan_out))    keeps that of signals and gradients through layers that are linear

fan_in is the number of weights that an output sums over, fan_out that of outputs that an input takes part in. In a
convolution of G groups they are C_in / G * K * K and C_out / G * K * K.

Source: K. He et al., "Delving Deep into Rectifiers" (2015), equation 10; X. Glorot and Y. Bengio, "Understanding the
        difficulty of training deep feedforward neural networks" (2010), equation 12.
"""

from math import inf, prod, sqrt

from numpy.random import Generator

from minialex.checks import check_numbers, choose, expected
from minialex.devices.room import check_room

STD = 0.01  # section 5


def initial_std(name: str, std: float | None, init: str | float | None, fan_in: int, fan_out: int) -> float:
    """Return the standard deviation of initial weights, from a layer's arguments `std` and `init`."""
    if std is not None and init is not None:
        raise expected(name, "std or init", f"both, std={std!r} and init={init!r}", "leave out one of them")
    if isinstance(init, str):
        rules = {"he": sqrt(2 / fan_in), "xavier": sqrt(2 / (fan_in + fan_out))}
        return choose(rules, init, f"{name}: init")
    if init is not None:
        check_numbers(name, 0, inf, init=init)
        return float(init)
    check_numbers(name, 0, inf, std=STD if std is None else std)
    return STD if std is None else float(std)


def normal_weights(name: str, rng: Generator, shape: tuple[int, ...], std: float):
    """Draw initial weights; ValueError if there is no memory for them."""
    check_room(name, f"weights {shape}", 8 * prod(shape), "choose a smaller layer, or smaller images")
    return rng.standard_normal(shape, dtype="float32") * std

"""The class's net with layers that AlexNet does not have; widths are chosen for as many multiply-adds, within 4 %.

What is in place of conv3 makes 64 maps too, so that the dense layers stay as they are (but in `global_average_net`).
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from minialex.lab.frame.net import CONVOLUTIONS, KIT, class_net
from minialex.layer import Layer
from minialex.sequential import Sequential
from minialex.variants import Residual, inception, separable

Conv = Callable[..., Layer]  # (reads, kernels, side, pad=, rng=) -> a layer in place of a convolution
SECOND, THIRD = 2, 3
WIDE = {**CONVOLUTIONS, "conv2": (264, 3)}  # for separable convolutions, which cost less
INCEPTION = (16, (28, 24), (24, 16), 8)  # kernels of the branches: 64 maps, as of conv3
NARROW = 30  # kernels of two convolutions where there was one


def instead(of: dict[int, Conv], **settings) -> Sequential:
    """Build the class's net with other layers in place of some convolutions, which are counted from 1."""
    numbers = iter(range(1, 1 + len(CONVOLUTIONS)))
    return class_net(conv=lambda *args, **own: of.get(next(numbers), KIT.Conv2D)(*args, **own), **settings)


def normalized(reads: int, kernels: int, side: int, *, pad: int, rng: np.random.Generator) -> Sequential:
    """Build a convolution with batch normalization after it, before the unit, as in the paper of 2015."""
    return Sequential(conv=KIT.Conv2D(reads, kernels, side, pad=pad, rng=rng), norm=KIT.BatchNorm(kernels))


def normalized_net(**settings) -> Sequential:
    """Build the net with batch normalization after each convolution."""
    return class_net(conv=normalized, **settings)


def normalized_input_net(*, channels: int = 3, **settings) -> Sequential:
    """Build the net with batch normalization after each convolution, and of the images, as one tutorial has it."""
    net = normalized_net(channels=channels, **settings)
    next(iter(net)).input_gradient = True  # which the first layer's gamma and beta need
    return Sequential(norm0=KIT.BatchNorm(channels), **net.layers)


def global_average_net(*, classes: int, rng: np.random.Generator, **settings) -> Sequential:
    """Build the net with the mean of each map in place of the dense layers but the last."""
    net = class_net(classes=classes, rng=rng, dense=(), **settings)
    net.replace("output", KIT.Dense(CONVOLUTIONS["conv3"][0], classes, rng=rng))
    return net.replace("flatten", KIT.GlobalAvgPool())


def one_by_one(reads: int, kernels: int, side: int, *, pad: int, rng: np.random.Generator) -> Sequential:
    """Build a depthwise separable convolution."""
    return separable(reads, kernels, side, rng=rng, kit=KIT)


def separable_net(**settings) -> Sequential:
    """Build the net with depthwise separable conv2 and conv3."""
    return instead({SECOND: one_by_one, THIRD: one_by_one}, **settings)


def wide_separable_net(**settings) -> Sequential:
    """Build the separable net with so many kernels that it costs what the plain one does."""
    return separable_net(convolutions=WIDE, **settings)


def inception_net(**settings) -> Sequential:
    """Build the net with an Inception module in place of conv3."""

    def module(reads: int, kernels: int, side: int, *, pad: int, rng: np.random.Generator) -> Layer:
        return inception(reads, *INCEPTION, rng=rng, kit=KIT)

    return instead({THIRD: module}, **settings)


def two_convolutions(
    reads: int, kernels: int, side: int, *, pad: int, rng: np.random.Generator, narrow: int = 0, shortcut: bool = False
) -> Sequential:
    """Build two convolutions in place of one.

    Args:   narrow, kernels of both; then a 1x1 convolution makes as many maps as asked for (0: both have so many);
            shortcut, whether one leads around the second.
    """
    first, second = (KIT.Conv2D(n, narrow or kernels, side, pad=pad, rng=rng) for n in (reads, narrow or kernels))
    layers = {"first": first, "unit": KIT.ReLU(), "second": Residual(second) if shortcut else second}
    if narrow:
        layers["point"] = KIT.Conv2D(narrow, kernels, 1, rng=rng)
    return Sequential(**layers)


def deeper_net(*, shortcut: bool, **settings) -> Sequential:
    """Build the net with two narrow convolutions in place of conv3."""
    return instead({THIRD: partial(two_convolutions, narrow=NARROW, shortcut=shortcut)}, **settings)


def local_net(*, image_size: int = 32, **settings) -> Sequential:
    """Build the net with a local layer in place of conv3: the same work, 64 times the weights of conv3 at 32 pixels."""

    def local(reads: int, kernels: int, side: int, *, pad: int, rng: np.random.Generator) -> Layer:
        return KIT.Local2D(reads, kernels, side, -(-image_size // 4), pad=pad, rng=rng)

    return instead({THIRD: local}, image_size=image_size, **settings)

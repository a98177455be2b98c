"""The net of the class: small enough for many trainings, of the paper's layers; experiments change one part of it.

Not `small_alexnet`, whose two groups and 959,370 parameters take six times as long.
"""

from collections.abc import Callable, Sequence

import numpy as np

from minialex.devices import host
from minialex.kits import complete
from minialex.layer import Layer
from minialex.sequential import Sequential

CONVOLUTIONS = {"conv1": (16, 5), "conv2": (32, 3), "conv3": (64, 3)}  # kernels, side
KIT = complete(host.kit, "he")
Part = Callable[[], Layer]


def nothing() -> list[Part]:
    """Return no layers."""
    return []


def class_net(
    *, rng: np.random.Generator, classes: int, image_size: int = 32, channels: int = 3, kit=KIT,
    convolutions: dict[str, tuple[int, int]] = CONVOLUTIONS, dense: Sequence[int] = (128,),
    unit: Part | None = None, pool: Part | None = None, norm: Callable[[int], Layer] | None = None,
    norm_in: Sequence[int] = (1, 2), norm_last: bool = False, dropout: float = 0.0, conv: Callable | None = None,
) -> Sequential:  # fmt: skip
    """Build convolutions, each with unit and maximum of 3x3 pixels at stride 2, and dense layers: 190,000 parameters.

    Args:   convolutions, kernels and their side by name (0 kernels: left out, its pooling stays); dense, units of the
            hidden dense layers; unit, pool, make these layers; norm, makes a normalization from a number of channels,
            after the unit of the convolutions `norm_in`, or after the pooling with norm_last; dropout, of hidden dense
            units; conv, makes the convolutions: conv(reads, kernels, side, pad=, rng=).
    """
    unit, pool, conv = unit or kit.ReLU, pool or (lambda: kit.MaxPool(3, 2, ceil=True)), conv or kit.Conv2D
    layers: dict[str, Layer] = {}
    reads = channels
    for i, (name, (kernels, side)) in enumerate(convolutions.items(), start=1):
        if kernels:
            layers |= {name: conv(reads, kernels, side, pad=side // 2, rng=rng), f"unit{i}": unit()}
        after = {f"norm{i}": norm(kernels)} if norm and i in norm_in else {}
        layers |= {f"pool{i}": pool()} | after if norm_last else after | {f"pool{i}": pool()}
        reads = kernels or reads
    layers["flatten"] = kit.Flatten()
    (reads,) = Sequential(**layers).output_shape((channels, image_size, image_size))
    for i, units in enumerate(dense, start=len(convolutions) + 1):
        layers |= {f"fc{i}": kit.Dense(reads, units, rng=rng), f"unit{i}": unit()}
        if dropout:
            layers[f"drop{i}"] = kit.Dropout(dropout, rng=rng)
        reads = units
    net = Sequential(**layers, output=kit.Dense(reads, classes, rng=rng))
    next(iter(net)).input_gradient = False
    return net

"""The authors' nets for CIFAR-10 with local layers, for crops of 24 pixels (`example-layers/*.cfg` of their code)."""

import numpy as np

from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.sequential import Sequential


def cifar_13pct(
    device: Device = host, *, rng: np.random.Generator, classes: int = 10, image_size: int = 24, channels: int = 3,
    init: str | float | None = None, kit=None,
) -> Sequential:  # fmt: skip
    """Build two convolutions and two local layers: 13 % test error on CIFAR-10 in 25 minutes of a GPU of 2011.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes); 1,116,490 parameters for 24 pixels.
    Args:   init, of convolutions and dense layers, and kit, as in `alexnet`.
    Source: `layers-conv-local-13pct.cfg`; random crops of 24 pixels and reflections, ten views at the test.
    """
    kit = kit_for(device, kit, init)
    return with_local_layers(kit, rng, classes, image_size, channels, norm=None, kernels=32).to(device)


def cifar_11pct(
    device: Device = host, *, rng: np.random.Generator, classes: int = 10, image_size: int = 24, channels: int = 3,
    init: str | float | None = None, kit=None,
) -> Sequential:  # fmt: skip
    """Build the same with response normalization and more kernels: 11 % test error on CIFAR-10, with ten views.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes); 2,112,970 parameters for 24 pixels.
    Args:   init, of convolutions and dense layers, and kit, as in `alexnet`.
    Source: `layers-conv-local-11pct.cfg`; that code's normalization divides alpha by its 9 maps and adds 1 (k).
    """
    kit = kit_for(device, kit, init)

    def norm():
        return kit.LRN(9, 1.0, 1e-3, 0.75, average=True)

    return with_local_layers(kit, rng, classes, image_size, channels, norm=norm, kernels=64).to(device)


def with_local_layers(
    kit, rng: np.random.Generator, classes: int, image_size: int, channels: int, *, norm, kernels: int
) -> Sequential:
    """Build either net; the second one normalizes after pool1, and after conv2 before pool2."""
    Conv2D, MaxPool, ReLU = kit.Conv2D, kit.MaxPool, kit.ReLU
    norm1, norm2 = ({"norm1": norm()}, {"norm2": norm()}) if norm else ({}, {})
    # fmt: off
    maps = Sequential(
        conv1=Conv2D(channels, 64, 5, pad=2, std=1e-4, rng=rng), relu1=ReLU(), pool1=MaxPool(3, 2, ceil=True), **norm1,
        conv2=Conv2D(      64, 64, 5, pad=2, std=0.01, rng=rng), relu2=ReLU(), **norm2, pool2=MaxPool(3, 2, ceil=True),
    )
    _, _, side = maps.output_shape((channels, image_size, image_size))
    net = Sequential(
        **maps.layers,
        local3=kit.Local2D(     64, kernels, 3, side, pad=1, std=0.04, rng=rng), relu3=ReLU(),
        local4=kit.Local2D(kernels,      32, 3, side, pad=1, std=0.04, rng=rng), relu4=ReLU(),
        flatten=kit.Flatten(), fc5=kit.Dense(32 * side * side, classes, std=0.01, rng=rng),
    )
    # fmt: on
    net.layers["conv1"].input_gradient = False
    return net

"""The authors' nets for CIFAR-10 (`example-layers/*.cfg` of their code)."""

import numpy as np

from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.sequential import Sequential


def cifar_80sec(
    device: Device = host, *, rng: np.random.Generator, classes: int = 10, image_size: int = 32, channels: int = 3,
    init: str | float | None = None, kit=None,
) -> Sequential:  # fmt: skip
    """Build three convolutions and two dense layers: 26 % test error on CIFAR-10 in 80 seconds of a GPU of 2011.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes).
    Args:   init and kit as in `alexnet`.
    Source: `layers-80sec.cfg`; windows are counted with ceil, so 32 pixels pool to 16, 8 and 4. The first maximum comes
            before ReLU, which gives the same values and a smaller relu1.
    """
    kit = kit_for(device, kit, init)
    Conv2D, Dense, ReLU = kit.Conv2D, kit.Dense, kit.ReLU
    # fmt: off
    convolutions = Sequential(
        conv1=Conv2D(channels, 32, 5, pad=2, std=1e-4, rng=rng), pool1=kit.MaxPool(3, 2, ceil=True), relu1=ReLU(),
        conv2=Conv2D(32, 32, 5, pad=2, std=0.01, rng=rng), relu2=ReLU(), pool2=kit.AvgPool(3, 2, ceil=True),
        conv3=Conv2D(32, 64, 5, pad=2, std=0.01, rng=rng), relu3=ReLU(), pool3=kit.AvgPool(3, 2, ceil=True),
        flatten=kit.Flatten(),
    )
    (features,) = convolutions.output_shape((channels, image_size, image_size))
    net = Sequential(
        **convolutions.layers,
        fc4=Dense(features, 64, std=0.1, rng=rng), relu4=ReLU(),
        fc5=Dense(64, classes,  std=0.1, rng=rng),
    )
    # fmt: on
    net.layers["conv1"].input_gradient = False
    return net.to(device)


def cifar_18pct(
    device: Device = host, *, rng: np.random.Generator, classes: int = 10, image_size: int = 32, channels: int = 3,
    init: str | float | None = None, kit=None,
) -> Sequential:  # fmt: skip
    """Build the same three convolutions with response normalization within the maps: 18 % test error on CIFAR-10.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes).
    Args:   init and kit as in `alexnet`.
    Source: `layers-18pct.cfg`; that code's normalization divides alpha by the 3x3 pixels and adds 1 (k).
    """
    kit = kit_for(device, kit, init)
    AvgPool, Conv2D, MaxPool, ReLU = kit.AvgPool, kit.Conv2D, kit.MaxPool, kit.ReLU

    def norm():
        return kit.LRN(3, 1.0, 5e-5, 0.75, average=True, across="space")

    # fmt: off
    convolutions = Sequential(
        conv1=Conv2D(channels, 32, 5, pad=2, std=1e-4, rng=rng),
                                                           pool1=MaxPool(3, 2, ceil=True), relu1=ReLU(), norm1=norm(),
        conv2=Conv2D(32, 32, 5, pad=2, std=0.01, rng=rng), relu2=ReLU(), pool2=AvgPool(3, 2, ceil=True), norm2=norm(),
        conv3=Conv2D(32, 64, 5, pad=2, std=0.01, rng=rng), relu3=ReLU(), pool3=AvgPool(3, 2, ceil=True),
        flatten=kit.Flatten(),
    )
    (features,) = convolutions.output_shape((channels, image_size, image_size))
    net = Sequential(**convolutions.layers, fc4=kit.Dense(features, classes, std=0.01, rng=rng))
    # fmt: on
    net.layers["conv1"].input_gradient = False
    return net.to(device)

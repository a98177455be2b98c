"""The classroom's AlexNet: Figure 2 with a million parameters, for images of 32 and 64 pixels."""

from collections.abc import Sequence

import numpy as np

from minialex.alexnet import figure_2
from minialex.checks import expected, is_integer
from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.sequential import Sequential


def small_alexnet(
    devices: Sequence[Device] = (host, host),
    classes: int = 10,
    *,
    rng: np.random.Generator,
    image_size: int = 32,
    channels: int = 3,
    init: str | float | None = None,
    kit=None,
) -> Sequential:
    """Build a net with AlexNet's layers, groups and communications, with smaller kernels and fewer of them.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes), on the first device.
    Args:   image_size, pixels; from 48 on, conv1 takes steps of two pixels; init and kit as in `alexnet`.
    Errors: ValueError for other than two devices, or images below 8 pixels.
    """
    kit = kit_for(devices, kit, init)
    stride, side = small_geometry(image_size)
    return figure_2(
        devices,
        lower=lambda: small_lower(kit, rng, stride, channels),
        upper=lambda: small_upper(kit, rng, reads=64),
        fc6=lambda: small_dense(6, kit, rng, reads=64 * side * side),
        fc7=lambda: small_dense(7, kit, rng, reads=512),
        fc8=lambda: kit.Dense(512, classes, std=0.05, rng=rng),
    )


def small_geometry(image_size: int) -> tuple[int, int]:
    """Return the stride of conv1, and the side of the maps that fc6 reads: three poolings halve those of conv1."""
    if not is_integer(image_size, least=8):
        raise expected("small_alexnet", "images of at least 8 pixels", image_size, "enlarge them")
    stride = 1 if image_size < 48 else 2
    return stride, ((image_size - 1) // stride + 1) // 8


# fmt: off
def small_lower(kit, rng: np.random.Generator, stride: int, channels: int = 3) -> Sequential:
    """Build conv1 and conv2 of one group: channels x 32 x 32 -> 32 x 8 x 8."""
    Conv2D, LRN, MaxPool, ReLU = kit.Conv2D, kit.LRN, kit.MaxPool, kit.ReLU
    return Sequential(
        conv1=Conv2D(channels, 24, 5, pad=2, stride=stride, std=0.01, rng=rng),
        relu1=ReLU(), norm1=LRN(), pool1=MaxPool(3, 2, ceil=True),
        conv2=Conv2D(24, 32, 5, pad=2, std=0.03, rng=rng),
        relu2=ReLU(), norm2=LRN(), pool2=MaxPool(3, 2, ceil=True),
    )


def small_upper(kit, rng: np.random.Generator, reads: int, conv5: int = 32) -> Sequential:
    """Build conv3, conv4 and conv5 of one group: reads x 8 x 8 -> conv5 x 4 x 4, flat."""
    Conv2D, ReLU = kit.Conv2D, kit.ReLU
    return Sequential(
        conv3=Conv2D(reads, 48, 3, pad=1, std=0.05, rng=rng), relu3=ReLU(),
        conv4=Conv2D(48,    48, 3, pad=1, std=0.05, rng=rng), relu4=ReLU(),
        conv5=Conv2D(48, conv5, 3, pad=1, std=0.05, rng=rng), relu5=ReLU(),
        pool5=kit.MaxPool(3, 2, ceil=True), flatten=kit.Flatten(),
    )


def small_dense(number: int, kit, rng: np.random.Generator, reads: int, width: int = 256) -> Sequential:
    """Build fc6 or fc7 of one group."""
    layers = {
        f"fc{number}":   kit.Dense(reads, width, std=0.03 if number == 6 else 0.05, rng=rng),
        f"relu{number}": kit.ReLU(),
        f"drop{number}": kit.Dropout(0.5, rng=rng.spawn(1)[0]),  # its own generator: groups may draw in parallel
    }
    return Sequential(**layers)
# fmt: on

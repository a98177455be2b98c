"""The classroom's AlexNet: Figure 2 with a million parameters, for images of 32 and 64 pixels."""

from __future__ import annotations

from collections.abc import Sequence

from minialex.alexnet import figure_2
from minialex.device import Device, host
from minialex.sequential import Sequential


def small_alexnet(
    devices: Sequence[Device] = (host, host), classes: int = 10, *, rng, image_size: int = 32, kit=None
) -> Sequential:
    """AlexNet's layers, groups and communications, with smaller kernels and fewer of them.

    Shapes: (N, 3, image_size, image_size) -> logits (N, classes), on the first device.
    Args:   image_size, pixels; from 48 on, conv1 takes steps of two pixels; kit as in `alexnet`.
    Errors: ValueError for other than two devices, or images below 8 pixels.
    """
    kit = kit or devices[0].kit
    Conv2D, Dense, Dropout, LRN, ReLU = kit.Conv2D, kit.Dense, kit.Dropout, kit.LRN, kit.ReLU
    stride = 1 if image_size < 48 else 2
    if image_size < 8:
        raise ValueError(f"small_alexnet: expected images of at least 8 pixels, got {image_size}; enlarge them")
    side = -(-image_size // (8 * stride))  # after three poolings, each of which halves and rounds up

    def pool():
        return kit.MaxPool(3, 2, ceil=True)

    # fmt: off
    def lower():  # of one group: 3 x 32 x 32 -> 32 x 8 x 8
        return Sequential(
            conv1=Conv2D( 3, 24, 5, pad=2, std=0.01, stride=stride, rng=rng), relu1=ReLU(), norm1=LRN(), pool1=pool(),
            conv2=Conv2D(24, 32, 5, pad=2, std=0.03, rng=rng),                relu2=ReLU(), norm2=LRN(), pool2=pool(),
        )

    def upper():  # of one group: 64 x 8 x 8 -> 32 x 4 x 4, flat
        return Sequential(
            conv3=Conv2D(64, 48, 3, pad=1, std=0.05, rng=rng), relu3=ReLU(),
            conv4=Conv2D(48, 48, 3, pad=1, std=0.05, rng=rng), relu4=ReLU(),
            conv5=Conv2D(48, 32, 3, pad=1, std=0.05, rng=rng), relu5=ReLU(), pool5=pool(), flatten=kit.Flatten(),
        )

    def fc6():
        return Sequential(fc6=Dense(64 * side * side, 256, std=0.03, rng=rng), relu6=ReLU(),
                          drop6=Dropout(0.5, rng=rng.spawn(1)[0]))

    def fc7():
        return Sequential(fc7=Dense(512, 256, std=0.05, rng=rng), relu7=ReLU(), drop7=Dropout(0.5, rng=rng.spawn(1)[0]))

    def fc8():
        return Dense(512, classes, std=0.05, rng=rng)
    # fmt: on

    return figure_2(devices, lower, upper, fc6, fc7, fc8)

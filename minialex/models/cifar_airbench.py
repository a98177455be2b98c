"""A net for CIFAR-10 after airbench94 (2024), smaller: a variant, none of the authors' nets, and its recipe."""

from math import sqrt

import numpy as np

from minialex.checks import check_integers, expected
from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.layer import Layer
from minialex.models.computed_kernels import identity_kernels
from minialex.models.training_recipe import Recipe
from minialex.sequential import Sequential

LEAST = 9  # pixels of an image: three poolings of two, after a convolution without padding


def cifar_airbench(
    device: Device = host, *, rng: np.random.Generator, classes: int = 10, image_size: int = 32, channels: int = 3,
    init: str | float | None = None, kit=None, width: int = 32, identity: bool = True, scale: bool = False,
) -> Sequential:  # fmt: skip
    """Build a variant of after 2012: a frozen first layer, three blocks of two convolutions each, a dense layer.

        whiten, relu, 3 x (conv, max pool, norm, relu, conv, norm, relu), max over the map, dense, logits / 9

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes); 498,114 parameters for a width of 32.
    Args:   width, kernels of the first block, a quarter of those of the other two (airbench: 64); identity, whether
            convolutions begin as `identity_kernels`; scale, whether batch normalization learns W too; init, of all
            weights (None: 1 / sqrt(3 * fan_in), and identity), and kit, as in `alexnet`.
    Errors: ValueError for images below 9 pixels.
    Source: K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024), whose units are GELU. The first
            layer's kernels are to be computed from training images: `whiten(net["whiten"], images)`.
    """
    check_integers("cifar_airbench", width=width)
    if image_size < LEAST:
        raise expected("cifar_airbench", f"images of at least {LEAST} pixels", image_size, "enlarge them")
    kit = kit_for(device, kit, init)

    def drawn(fan_in: int) -> dict:
        return {"std": 1 / sqrt(3 * fan_in), "rng": rng}

    reads = 2 * channels * 4
    layers: dict[str, Layer] = {"whiten": kit.Conv2D(channels, reads, 2, **drawn(channels * 4)), "relu0": kit.ReLU()}
    for number, makes in enumerate(2 * (width,) + 4 * (4 * width,), start=1):
        layers[f"conv{number}"] = conv = kit.Conv2D(reads, makes, 3, pad=1, **drawn(reads * 9))
        if identity and init is None:
            identity_kernels(conv)
        if number % 2:
            layers[f"pool{number}"] = kit.MaxPool(2, 2)
        layers[f"norm{number}"] = kit.BatchNorm(makes, scale=scale)
        layers[f"relu{number}"] = kit.ReLU()
        reads = makes
    layers |= {"pool6": kit.MaxPool((image_size - 1) // 8, 1), "flatten": kit.Flatten()}
    net = Sequential(**layers, fc7=kit.Dense(reads, classes, **drawn(reads)), scale7=kit.Scale(1 / 9))
    net["whiten"].trainable = net["whiten"].input_gradient = False
    return net.to(device)


def cifar_airbench_recipe(preset: str) -> Recipe:
    """Return the net with the recipe of its source, for any preset, for 256 images a step: Muon, falling rates.

    Muon's rate there is 0.24 for 2000 images; here 0.08, in proportion to the square root of the batch. The rate of all
    others is that of its form without Muon, 11.5 / (1 + 1 / 0.15) for the sum of 1024 losses / 1024, which is 1.5 for
    their mean: a quarter of it here. That form, `--optimizer sgd --schedule one-cycle:0.23 --average lookahead:0.987`,
    averages weights over 20 steps there, over 80 here.

    Source: `airbench94_muon.py` and `airbench94.py` of KellerJordan/cifar10-airbench.
    """
    norms = tuple(f"norm{number}=64" for number in range(1, 7))  # the rate of their biases
    return Recipe(
        cifar_airbench, groups=1, image_size=32, epochs=8, lr=0.375, bias_lr=0.375, weight_decay=0.0013,
        bias_decay=0.00002, schedule="one-cycle:0", momentum=0.85, nesterov=True, optimizer="muon", muon_lr=0.08,
        unit_kernels=True, batch=256, standardize=True, augment=("reflected-shift", "alternating-reflection"),
        smoothing=0.2, lr_factor=norms, whiten="whiten",
    )  # fmt: skip

"""A fast net for CIFAR-10, with what came after 2012: a variant, none of the authors' nets, and its recipe."""

import numpy as np

from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.models.training_recipe import Recipe
from minialex.sequential import Sequential


def cifar_fast(
    device: Device = host, *, rng: np.random.Generator, classes: int = 10, image_size: int = 32, channels: int = 3,
    init: str | float | None = None, kit=None, batch_norm: bool = True, kernels: tuple[int, int, int] = (24, 64, 128),
) -> Sequential:  # fmt: skip
    """Build a variant of after 2012: three blocks of convolution, pooling, batch normalization, ReLU; a dense layer.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes); 109,338 parameters for 32 pixels.
    Args:   init, of all weights (None: "he"), and kit, as in `alexnet`; batch_norm, False leaves it out; kernels, the
            number of each convolution, 3x3 all of them.
    Source: pooling before ReLU, and 3x3 windows 2 apart, as in the authors' `layers-80sec.cfg`; K. He et al. (2015) and
            S. Ioffe and C. Szegedy (2015) for the rest.
    """
    kit = kit_for(device, kit, "he" if init is None else init)
    blocks, reads = {}, channels
    for number, makes in enumerate(kernels, start=1):
        blocks[f"conv{number}"] = kit.Conv2D(reads, makes, 3, pad=1, rng=rng)
        blocks[f"pool{number}"] = kit.MaxPool(3, 2, ceil=True)
        if batch_norm:
            blocks[f"norm{number}"] = kit.BatchNorm(makes)
        blocks[f"relu{number}"] = kit.ReLU()
        reads = makes
    maps = Sequential(**blocks, flatten=kit.Flatten())
    (features,) = maps.output_shape((channels, image_size, image_size))
    net = Sequential(**maps.layers, fc4=kit.Dense(features, classes, rng=rng))
    net.layers["conv1"].input_gradient = False
    return net.to(device)


def cifar_fast_recipe(preset: str) -> Recipe:
    """Return the fast net with our own recipe, for any preset: two epochs at one-cycle rates, Nesterov's momentum.

    Sources: L. Smith and N. Topin, "Super-Convergence" (2017); for the rest see `minialex.variants` and `SGD`.
    """
    return Recipe(
        cifar_fast, groups=1, image_size=32, epochs=2, lr=0.2, bias_lr=0.4, weight_decay=0.0005, bias_decay=0.0005,
        schedule="one-cycle:0.25", nesterov=True, standardize=True, batch=256,
    )  # fmt: skip

"""Recipes: each model with the rates that it was published with."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from minialex.alexnet import alexnet
from minialex.checks import choose, expected
from minialex.devices import Device
from minialex.models.alexnet_single import alexnet_single
from minialex.models.cifar import cifar_18pct, cifar_80sec
from minialex.models.small_alexnet import small_alexnet
from minialex.models.torchvision_alexnet import torchvision_alexnet
from minialex.presets import PRESETS
from minialex.sequential import Sequential


class Recipe(NamedTuple):
    """A model and how it is trained: rates per mini-batch, decay per step and rate."""

    build: Callable[..., Sequential]
    groups: int  # 2: on one device or two, one a group; 1: on one device
    image_size: int  # pixels
    epochs: int  # the default of `minialex train`: a lesson has an hour
    lr: float
    bias_lr: float
    weight_decay: float | dict[str, float]  # one for all layers, or one for each
    bias_decay: float
    divide_bias_lr: bool = True
    divide_after: tuple[int, ...] = ()  # epochs; (): when the validation error stops improving
    momentum: float = 0.9
    batch: int = 128
    augment: tuple[str, ...] = ()  # of the training images
    colour: str = "paper"  # the formula of the colour noise, where augment has it
    twin: str | None = None  # of a net of two groups: the same net as one sequence of layers, as the bench times it
    bench_size: int | None = None  # pixels in the bench, where it is not image_size


def alexnet_recipe(preset: str) -> Recipe:
    """Return the paper's net with the rates of a preset (section 5)."""
    p = choose(PRESETS, preset, "preset")
    return Recipe(
        partial(alexnet, preset=preset), groups=2, image_size=p.image_size, epochs=90, lr=p.lr, bias_lr=p.bias_lr,
        weight_decay=0.0005, bias_decay=p.bias_decay, divide_bias_lr=p.divide_bias_lr, divide_after=p.divide_after,
        batch=p.batch, augment=p.augment, colour=p.colour, twin="alexnet_single", bench_size=227,
    )  # fmt: skip


def alexnet_single_recipe(preset: str) -> Recipe:
    """Return the paper's net on one device with the rates of a preset."""
    return alexnet_recipe(preset)._replace(build=partial(alexnet_single, preset=preset), groups=1, twin=None)


def torchvision_alexnet_recipe(preset: str) -> Recipe:
    """Return torchvision's net with the source's rates, for any preset: its own are for pixels of unit variance."""
    source = alexnet_single_recipe("source")
    return source._replace(build=torchvision_alexnet, divide_bias_lr=True, divide_after=(), bench_size=None)


def small_alexnet_recipe(preset: str) -> Recipe:
    """Return the classroom net with our own rates, for any preset."""
    return Recipe(
        small_alexnet, groups=2, image_size=32, epochs=4, lr=0.005, bias_lr=0.01, weight_decay=0.0005, bias_decay=0.0,
    )  # fmt: skip


def cifar_80sec_recipe(preset: str) -> Recipe:
    """Return the authors' first net for CIFAR-10, of which there is one account, for any preset."""
    decay = {"conv1": 0.004, "conv2": 0.004, "conv3": 0.004, "fc4": 0.03, "fc5": 0.03}
    return Recipe(
        cifar_80sec, groups=1, image_size=32, epochs=4, lr=0.001, bias_lr=0.002, weight_decay=decay, bias_decay=0.0,
    )  # fmt: skip


def cifar_18pct_recipe(preset: str) -> Recipe:
    """Return the authors' second net for CIFAR-10: 120 epochs, 10 at a tenth of the rate and 10 at a hundredth."""
    decay = {"conv1": 0.004, "conv2": 0.004, "conv3": 0.004, "fc4": 1.0}
    return cifar_80sec_recipe(preset)._replace(
        build=cifar_18pct, weight_decay=decay, epochs=140, divide_after=(120, 130)
    )


RECIPES = {
    "alexnet": alexnet_recipe,
    "alexnet_single": alexnet_single_recipe,
    "torchvision_alexnet": torchvision_alexnet_recipe,
    "small_alexnet": small_alexnet_recipe,
    "cifar_80sec": cifar_80sec_recipe,
    "cifar_18pct": cifar_18pct_recipe,
}


def recipe(model: str, preset: str = "paper") -> Recipe:
    """Return the recipe of a model; ValueError with the nearest name where there is none."""
    return choose(RECIPES, model, "model")(preset)


def build(
    model: str, devices: Sequence[Device], *, rng: np.random.Generator, preset: str = "paper", **options
) -> Sequential:
    """Build a net by its name: `build("cifar_80sec", [host], rng=rng, classes=10)`.

    Errors: ValueError with the nearest name where there is no such model, or for more devices than it has groups.
    """
    r, by_group = recipe(model, preset), devices_by_group(model, devices)
    return r.build(by_group if r.groups > 1 else by_group[0], rng=rng, **options)


def devices_by_group(model: str, devices: Sequence[Device]) -> tuple[Device, ...]:
    """Return a device for each of the model's groups; one device may hold them all."""
    groups = recipe(model).groups
    if len(devices) not in (1, groups):
        advice = f"name one, or {groups}, one a group" if groups > 1 else "it has no groups; name one"
        raise expected(model, f"{groups} devices at most", len(devices), advice)
    return tuple(devices) if len(devices) == groups else tuple(devices) * groups

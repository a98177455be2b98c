"""Recipes: each model with the rates that it was published with."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from minialex.alexnet import alexnet
from minialex.checks import choose, expected
from minialex.devices import Device
from minialex.models.alexnet_single import alexnet_single
from minialex.models.cifar_airbench import cifar_airbench_recipe
from minialex.models.cifar_fast import cifar_fast_recipe
from minialex.models.cifar_recipes import (
    cifar_11pct_recipe,
    cifar_13pct_recipe,
    cifar_18pct_recipe,
    cifar_80sec_recipe,
)
from minialex.models.small_alexnet import small_alexnet
from minialex.models.torchvision_alexnet import torchvision_alexnet
from minialex.models.training_recipe import Recipe
from minialex.presets import PRESETS
from minialex.sequential import Sequential


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


RECIPES = {
    "alexnet": alexnet_recipe,
    "alexnet_single": alexnet_single_recipe,
    "torchvision_alexnet": torchvision_alexnet_recipe,
    "small_alexnet": small_alexnet_recipe,
    "cifar_80sec": cifar_80sec_recipe,
    "cifar_18pct": cifar_18pct_recipe,
    "cifar_13pct": cifar_13pct_recipe,
    "cifar_11pct": cifar_11pct_recipe,
    "cifar_fast": cifar_fast_recipe,
    "cifar_airbench": cifar_airbench_recipe,
}


def recipe(model: str, preset: str = "paper") -> Recipe:
    """Return the recipe of a model; ValueError with the nearest name where there is none, or no such preset."""
    make = choose(RECIPES, model, "model")
    choose(PRESETS, preset, "preset")  # here, since models without presets take any
    return make(preset)


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

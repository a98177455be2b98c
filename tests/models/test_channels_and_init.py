"""Every model takes any number of channels, and one rule of initial weights for all of its layers."""

import numpy as np
import pytest

from minialex import alexnet, layers, variants
from minialex.devices import host
from minialex.kits import complete
from minialex.models import RECIPES, build

SIZES = {"alexnet": 67, "alexnet_single": 67, "torchvision_alexnet": 67}


def net_of(model, **options):
    return build(model, [host], rng=np.random.default_rng(0), classes=3, image_size=SIZES.get(model, 16), **options)


@pytest.mark.parametrize("model", RECIPES)
@pytest.mark.parametrize("channels", [1, 5])
def test_channels(model, channels):
    net = net_of(model, channels=channels)
    x = np.ones((2, channels, *[SIZES.get(model, 16)] * 2), "float32")
    assert net(x).shape == (2, 3)
    with pytest.raises(ValueError, match=f"expected {channels} channels, got 3"):
        net(np.ones((2, 3, *x.shape[2:]), "float32"))


@pytest.mark.parametrize("model", RECIPES)
def test_init_is_for_all_weights_and_biases_begin_at_0(model):
    net = net_of(model, init="he")
    for name, layer, key in net.parameters():
        W = layer.params[key]
        if isinstance(layer, variants.BatchNorm):
            assert set(W) == {key == "W"}, name
        elif key == "b":
            assert not W.any(), name
        else:
            reads = W[0, 0].size if name.startswith("local") else W[0].size  # kernels of each position
            assert W.std() == pytest.approx(np.sqrt(2 / reads), rel=0.1), name


@pytest.mark.parametrize("model", RECIPES)
def test_without_it_the_weights_are_as_they_were(model):
    one, two = (net_of(model, **options).state() for options in ({}, {"init": None, "channels": 3}))
    for name, value in one.items():
        np.testing.assert_array_equal(value, two[name])


def test_a_kit_keeps_its_other_layers():
    kit = complete(layers, 0.5)
    assert (kit.MaxPool, kit.LRN) == (layers.MaxPool, layers.LRN)
    assert complete(layers).Conv2D is layers.Conv2D
    assert complete(layers).BatchNorm is variants.BatchNorm
    dense = kit.Dense(50, 40, std=0.01, bias=1.0, rng=np.random.default_rng(0))
    assert isinstance(dense, layers.Dense)
    assert dense.params["W"].std() == pytest.approx(0.5, rel=0.05)
    assert not dense.params["b"].any()


def test_a_rule_that_is_none():
    with pytest.raises(ValueError, match="init: expected one of he, xavier, got 'she'; did you mean 'he'"):
        alexnet(rng=np.random.default_rng(0), image_size=67, init="she")

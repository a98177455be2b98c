"""The fast net: its layers, its recipe, and that each ingredient can be left out."""

import numpy as np
import pytest

from minialex.models import cifar_fast
from minialex.training import Fixed, OneCycle
from minialex.training.config import RunConfig
from minialex.training.rules import schedule_of, sgd_of


def make(**options):
    return cifar_fast(rng=np.random.default_rng(0), **options)


def test_three_blocks_and_a_dense_layer():
    net = make()
    blocks = [f"{name}{n}" for n in (1, 2, 3) for name in ("conv", "pool", "norm", "relu")]
    assert list(net.layers) == [*blocks, "flatten", "fc4"]
    assert [net[f"conv{n}"].params["W"].shape for n in (1, 2, 3)] == [(24, 3, 3, 3), (64, 24, 3, 3), (128, 64, 3, 3)]
    assert net["fc4"].params["W"].shape == (10, 128 * 4 * 4)
    parameters = sum(layer.params[key].size for _, layer, key in net.parameters())
    assert f"{parameters:,} parameters for 32 pixels" in cifar_fast.__doc__
    assert "a variant of after 2012" in cifar_fast.__doc__.splitlines()[0]


def test_a_step_of_training():
    net, x = make(image_size=16, classes=3), np.random.default_rng(1).standard_normal((4, 3, 16, 16), "float32")
    y = net(x)
    assert y.shape == (4, 3)
    assert net.backward(np.ones_like(y)) is None
    assert all(layer.grads[key].shape == layer.params[key].shape for _, layer, key in net.parameters())


def test_ingredients_of_the_net_can_be_left_out():
    plain = make(batch_norm=False, kernels=(4, 5, 6))
    assert not [name for name in plain.layers if name.startswith("norm")]
    assert plain["fc4"].params["W"].shape == (10, 6 * 4 * 4)
    assert make()["conv2"].params["W"].std() == pytest.approx(np.sqrt(2 / (24 * 9)), rel=0.05)
    assert make(init=0.01)["conv2"].params["W"].std() == pytest.approx(0.01, rel=0.05)


def test_the_recipe_needs_no_other_option():
    config = RunConfig.new(model="cifar_fast", data="cifar10")
    assert (config.epochs, config.batch, config.lr, config.image_size) == (2, 256, 0.2, 32)
    assert (config.nesterov, config.standardize, config.augment) == (True, True, ())
    assert schedule_of(config) == OneCycle(0.25)
    sgd = sgd_of(config, make())
    assert (sgd.nesterov, sgd.lr, sgd.weight_decay, sgd.momentum) == (True, 0.2, 0.0005, 0.9)
    assert sgd.bias_lr == pytest.approx(0.4)


def test_ingredients_of_the_recipe_can_be_left_out():
    config = RunConfig.new(model="cifar_fast", nesterov=False, standardize=False, schedule="constant")
    assert (config.nesterov, config.standardize) == (False, False)
    assert schedule_of(config) == Fixed()
    assert not sgd_of(config, make()).nesterov

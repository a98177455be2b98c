"""The net after airbench: its layers, its recipe, and that ingredients can be left out."""

import numpy as np
import pytest

from minialex.models import cifar_airbench, recipe
from minialex.summary import summary
from minialex.training import SGD, Muon, OneCycle
from minialex.training.config import RunConfig
from minialex.training.named_averages import average_named
from minialex.training.rules import check_rules, loss_of, schedule_of, sgd_of

BLOCK = ["conv{}", "pool{}", "norm{}", "relu{}", "conv{}", "norm{}", "relu{}"]


def make(**options):
    return cifar_airbench(rng=np.random.default_rng(0), **{"width": 4, **options})


def test_three_blocks_after_a_frozen_layer():
    net = make(width=32)
    blocks = [name.format(first + (i > 3)) for first in (1, 3, 5) for i, name in enumerate(BLOCK)]
    assert list(net.layers) == ["whiten", "relu0", *blocks, "pool6", "flatten", "fc7", "scale7"]
    shapes = {name: net[name].params["W"].shape[:2] for name in ("whiten", *(f"conv{n}" for n in range(1, 7)), "fc7")}
    assert list(shapes.values()) == [
        (24, 3), (32, 24), (32, 32), (128, 32), (128, 128), (128, 128), (128, 128), (10, 128),
    ]  # fmt: skip
    parameters = summary(net, (3, 32, 32)).parameters
    assert f"{parameters:,} parameters for a width of 32" in cifar_airbench.__doc__
    assert "variant of after 2012" in cifar_airbench.__doc__.splitlines()[0]
    assert [layer.name for _, layer, key in net.parameters() if not layer.trainable] == ["whiten", "whiten"]


@pytest.mark.parametrize("size", [9, 16, 32, 40])
def test_a_step_of_training(size):
    net, x = make(image_size=size, classes=3), np.random.default_rng(1).standard_normal((4, 3, size, size), "float32")
    y = net(x)
    assert y.shape == (4, 3)
    assert net.backward(np.ones_like(y)) is None
    assert all(layer.grads[key].shape == layer.params[key].shape for _, layer, key in net.parameters())


def test_images_that_are_too_small():
    with pytest.raises(ValueError, match="cifar_airbench: expected images of at least 9 pixels, got 8; enlarge them"):
        make(image_size=8)
    with pytest.raises(ValueError, match="width to be an integer >= 1"):
        make(width=0)


def test_convolutions_begin_as_the_identity_unless_told_otherwise():
    W = make()["conv3"].params["W"]  # 4 -> 16
    np.testing.assert_array_equal(W[:4, :, 1, 1], np.eye(4))
    assert W[:4].sum() == 4
    assert make(width=32)["conv3"].params["W"][32:].std() == pytest.approx(1 / np.sqrt(3 * 32 * 9), rel=0.05)
    assert make(identity=False)["conv3"].params["W"][:4].std() == pytest.approx(1 / np.sqrt(3 * 4 * 9), rel=0.2)
    assert make(width=16, init="he")["conv3"].params["W"][:16].std() == pytest.approx(np.sqrt(2 / (16 * 9)), rel=0.05)


def test_normalization_learns_biases_alone_unless_told_otherwise():
    assert [net["norm2"].params.keys() for net in (make(), make(scale=True))] == [{"b"}, {"W", "b"}]


def test_the_recipe_needs_no_other_option():
    config = RunConfig.new(model="cifar_airbench", data="cifar10")
    assert (config.epochs, config.batch, config.lr, config.image_size, config.scale) == (8, 256, 0.08, 32, 32)
    assert (config.optimizer, config.nesterov, config.standardize, config.smoothing) == ("muon", True, True, 0.2)
    assert config.augment == ("reflected-shift", "alternating-reflection")
    assert schedule_of(config) == OneCycle(0.0)
    assert loss_of(config).smoothing == 0.2
    assert average_named(config.average) is None
    net = make()
    muon = sgd_of(config, net)
    assert isinstance(muon, Muon)
    assert (muon.unit_kernels, muon.others, muon.others_lr, muon.bias_lr) == (True, ["fc7"], 0.375, 0.375)
    assert {muon._rate(f"norm{n}.b") for n in range(1, 7)} == {64 * 0.375}
    assert sgd_of(RunConfig.new(model="cifar_airbench", lr=0.1), net).lr == 0.1


def test_the_recipe_with_sgd_has_a_rate_of_its_own():
    config = RunConfig.new(model="cifar_airbench", optimizer="sgd")
    assert (config.lr, config.nesterov) == (recipe("cifar_airbench").lr, True)
    net = make()
    sgd = sgd_of(config, net)
    assert type(sgd) is SGD
    rates = {name: sgd._rate(name) for name, *_ in net.parameters()}
    assert {rates[f"norm{n}.b"] for n in range(1, 7)} == {64 * 0.375}
    assert {rate for name, rate in rates.items() if "norm" not in name} == {0.375}
    assert sgd._rate("norm1.b") * sgd._decay("norm1.b") == pytest.approx(0.375 * sgd._decay("conv1.W"), rel=0.05)
    assert sgd_of(RunConfig.new(model="cifar_airbench", optimizer="sgd", lr=0.1), net).bias_lr == pytest.approx(0.1)


def test_a_width_is_for_a_model_that_has_one():
    config = RunConfig.new(model="cifar_airbench", width=4, classes=("cat", "dog"))
    assert config.build(np.random.default_rng(0))["conv1"].params["W"].shape == (4, 24, 3, 3)
    with pytest.raises(ValueError, match="width: expected a model that has a width, got cifar_fast; leave it out"):
        check_rules(RunConfig.new(model="cifar_fast", width=4))

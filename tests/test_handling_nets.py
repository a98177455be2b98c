"""Nets as a user handles them: called, printed, looked into, frozen, given another layer."""

import copy

import numpy as np
import pytest

from minialex import Layer, Sequential, alexnet, host
from minialex.layers import LRN, AvgPool, Conv2D, Dense, Dropout, Flatten, MaxPool, ReLU, SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.training import SGD


def cnn(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2D(3, 4, 3, pad=1, std=0.1, rng=rng), ReLU(), MaxPool(2, 2), Conv2D(4, 4, 3, std=0.1, rng=rng), ReLU(),
        Flatten(), Dense(16, 5, std=0.1, rng=rng),
    )  # fmt: skip


X, LABELS = np.random.default_rng(1).standard_normal((6, 3, 8, 8)).astype("float32"), np.array([0, 1, 2, 3, 4, 0])


def step(net, sgd):
    head = SoftmaxCrossEntropy()
    loss = head(net(X), LABELS)
    net.backward(head.backward())
    sgd.step()
    return loss


def test_calling_is_forward():
    net = cnn()
    np.testing.assert_array_equal(net(X), net.forward(X))


def test_layers_without_names_are_numbered_by_kind():
    net = cnn()
    assert list(net.layers) == ["conv1", "relu1", "maxpool1", "conv2", "relu2", "flatten1", "dense1"]
    assert list(net.state()) == ["conv1.W", "conv1.b", "conv2.W", "conv2.b", "dense1.W", "dense1.b"]
    assert net["conv2"].label == "conv2 (Conv2D)"
    with pytest.raises(ValueError, match=r"expected names apart from conv1, relu1, .*, got relu1; name all layers"):
        Sequential(ReLU(), relu1=ReLU())


def test_a_net_is_a_collection_of_its_layers():
    net = cnn()
    assert len(net) == 7
    assert list(net) == list(net.layers.values())
    assert net["conv1"] is net.layers["conv1"]
    two_groups = small_alexnet(rng=np.random.default_rng(0))
    assert two_groups["lower.b.conv2"] is two_groups.layers["lower"].layers["b"].layers["conv2"]
    assert two_groups["upper"]["a"]["conv3"].label == "upper.a.conv3 (Conv2D)"
    with pytest.raises(KeyError, match=r"expected one of conv1, .*, got 'cov1'; did you mean 'conv1'\?"):
        net["cov1"]
    with pytest.raises(KeyError, match=r"conv1 \(Conv2D\): expected no layers inside it, got 'W'"):
        net["conv1.W"]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda rng: Conv2D(3, 8, 5, rng=rng), "Conv2D(3, 8, 5)"),
        (lambda rng: Conv2D(4, 8, 5, stride=2, pad=2, groups=2, rng=rng), "Conv2D(4, 8, 5, stride=2, pad=2, groups=2)"),
        (lambda rng: Conv2D(3, 8, 5, pad=(0, 3), rng=rng), "Conv2D(3, 8, 5, pad=(0, 3))"),
        (lambda rng: Dense(4096, 10, rng=rng), "Dense(4096, 10)"),
        (lambda rng: MaxPool(ceil=True), "MaxPool(ceil=True)"),
        (lambda rng: AvgPool(2, 3), "AvgPool(2, 3)"),
        (lambda rng: LRN(), "LRN()"),
        (lambda rng: LRN(3, 1.0, 5e-5), "LRN(3, 1.0, 5e-05)"),
        (lambda rng: LRN(5, average=True), "LRN(alpha=2e-05)"),  # the same function
        (lambda rng: LRN(alpha=0.5, across="space"), "LRN(alpha=0.5, across='space')"),
        (lambda rng: Dropout(inverted=True, rng=rng), "Dropout(inverted=True)"),
        (lambda rng: ReLU(), "ReLU()"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_layer_prints_its_arguments_without_defaults(make, text):
    assert repr(make(np.random.default_rng(0))) == text


def test_a_net_prints_as_a_table():
    net = cnn()
    net["conv2"].trainable = False
    assert str(net) == (
        "          Sequential              parameters\n"
        "conv1     Conv2D(3, 4, 3, pad=1)         112  W (4, 3, 3, 3), b (4,)\n"
        "relu1     ReLU()\n"
        "maxpool1  MaxPool(2)\n"
        "conv2     Conv2D(4, 4, 3)                148  W (4, 4, 3, 3), b (4,) frozen\n"
        "relu2     ReLU()\n"
        "flatten1  Flatten()\n"
        "dense1    Dense(16, 5)                    85  W (5, 16), b (5,)\n"
        "total                                    345"
    )


def test_containers_print_with_their_layers_indented():
    net = small_alexnet(rng=np.random.default_rng(0))
    lines = str(net).splitlines()
    assert lines[1] == "images       Broadcast()"
    assert lines[3:5] == [
        "  a          Sequential",
        "    conv1    Conv2D(3, 24, 5, pad=2)        1,824  W (24, 3, 5, 5), b (24,)",
    ]
    assert lines[-1].split() == ["total", f"{sum(value.size for value in net.state().values()):,}"]


def test_a_misspelled_flag_is_an_error():
    layer = cnn()["conv1"]
    with pytest.raises(AttributeError, match=r"conv1 \(Conv2D\): .*'trainble'; did you mean 'trainable'\?"):
        layer.trainble = False
    with pytest.raises(AttributeError, match="got 'frozen'; set new attributes in the layer's own methods"):
        layer.frozen = True


class Scaled(Layer):
    """A student's layer with attributes of its own, one of them set in forward, one by a nested function."""

    def __init__(self):
        self.factor = 2.0  # before super().__init__(), as it happens
        super().__init__()
        self.inputs = None

    def forward(self, x):
        self.inputs, self.calls = x, getattr(self, "calls", 0) + 1

        def note():
            self.noted = True

        note()
        return self.factor * x


def test_students_layers_may_have_attributes_of_their_own():
    layer = Scaled()
    layer(np.ones((1, 2)))
    assert (layer.calls, layer.noted, layer.inputs.shape) == (1, True, (1, 2))
    layer.factor = 3.0
    assert copy.deepcopy(layer).factor == 3.0


@pytest.mark.parametrize("freeze", ["conv1", "conv2", "dense1"])
def test_a_frozen_layer_keeps_its_bits(freeze):
    net = cnn()
    net[freeze].trainable = False
    before = net.state()
    sgd = SGD(net, 0.1, weight_decay=0.5)
    for _ in range(3):
        step(net, sgd)
    after = net.state()
    for name in before:
        assert np.array_equal(before[name], after[name]) == name.startswith(freeze), name


def test_freezing_a_container_freezes_what_is_inside_and_thawing_goes_on():
    net = small_alexnet(rng=np.random.default_rng(0), image_size=8)
    net["lower"].trainable = False
    sgd, before = SGD(net, 0.1), net.state()
    step(net, sgd)
    moved = {name.split(".")[0] for name, value in net.state().items() if not np.array_equal(value, before[name])}
    assert "lower" not in moved
    assert {"upper", "fc6", "fc7", "fc8"} <= moved
    net["lower"].trainable = True
    step(net, sgd)
    assert any(not np.array_equal(value, before[name]) for name, value in net.state().items() if "conv1" in name)


def test_a_new_head_is_found_by_an_update_rule_that_was_made_before():
    net = cnn()
    sgd = SGD(net, 0.1)
    step(net, sgd)
    net.replace("dense1", Dense(16, 7, std=0.1, rng=np.random.default_rng(5)))
    assert net(X).shape == (6, 7)
    before = net.state()
    step(net, sgd)
    assert not np.array_equal(net.state()["dense1.W"], before["dense1.W"])
    assert sgd.velocity["dense1.W"].shape == (7, 16)


def test_replacing_keeps_names_devices_and_the_order():
    net = alexnet(classes=10, rng=np.random.default_rng(0), image_size=67)
    new = Dense(4096, 3, rng=np.random.default_rng(1))
    assert net.replace("fc8", new) is net
    assert (new.name, new.device, list(net.layers)[-1]) == ("fc8", host, "fc8")
    net.replace("lower.a.relu1", ReLU())
    assert net["lower.a.relu1"].name == "lower.a.relu1"
    assert net["lower.a.conv1"].input_gradient is False
    with pytest.raises(KeyError, match="got 'fc9'"):
        net.replace("fc9", new)
    net = cnn()
    with pytest.raises(ValueError, match="expected a layer that is not in this net, got that of relu1"):
        net.replace("relu2", net["relu1"])
    with pytest.raises(ValueError, match="expected relu1 to be a Layer"):
        cnn().replace("relu1", ReLU)


def test_rates_by_layer():
    net = cnn()
    sgd = SGD(net, 0.1, momentum=0.0, weight_decay=0.0, lr_factors={"conv1": 0.0, "dense1": 10})
    before = net.state()
    step(net, sgd)
    after = net.state()
    np.testing.assert_array_equal(after["conv1.W"], before["conv1.W"])
    np.testing.assert_allclose(after["dense1.W"], before["dense1.W"] - 1.0 * net["dense1"].grads["W"], rtol=1e-5)
    np.testing.assert_allclose(after["conv2.b"], before["conv2.b"] - 0.1 * net["conv2"].grads["b"], rtol=1e-5)


def test_rates_and_decays_by_the_last_part_of_a_name_or_by_a_container():
    net = small_alexnet(rng=np.random.default_rng(0), image_size=8)
    sgd = SGD(net, 0.1, lr_factors={"upper": 0.5, "conv3": 2.0, "upper.b.conv3": 3.0}, weight_decay=0.1)
    rate = {name: sgd._rate(f"{name}.W") for name in ("upper.a.conv3", "upper.b.conv3", "upper.b.conv4", "fc8")}
    assert rate == pytest.approx({"upper.a.conv3": 0.2, "upper.b.conv3": 0.3, "upper.b.conv4": 0.05, "fc8": 0.1})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lr_factors": {"cnv1": 0.1}}, "lr_factors by names of layers, got 'cnv1'; did you mean 'conv1'"),
        ({"lr_factors": {"conv1": -1}}, "lr_factors to be a number, 0 <= lr_factors < inf, got -1"),
        ({"momentum": -1}, "momentum to be a number, 0 <= momentum < 1, got -1"),
        ({"momentum": 1}, "momentum to be a number"),
        ({"weight_decay": -0.1}, "weight_decay to be a number"),
        ({"weight_decay": float("nan")}, "weight_decay to be a number"),
        ({"bias_lr": 0}, "bias_lr to be positive, got 0"),
        ({"lr": "0.1"}, "lr to be positive, got '0.1'"),
    ],
    ids=str,
)
def test_nonsense_settings_of_the_update_rule_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        SGD(cnn(), **({"lr": 0.1} | options))

"""Frozen layers keep their bits, and the backward pass ends above them without changing what the others learn."""

import numpy as np
import pytest
from small_runs import colours
from small_runs import net as small_net

from minialex import Layer, Sequential
from minialex.layers import Conv2D, Dense, Flatten, ReLU, SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.training import SGD, fit
from minialex.training.frozen import first_trainable, freeze, is_trainable, no_gradients_below_trainable

X = np.random.default_rng(1).integers(-99, 99, (6, 3, 16, 16)).astype("float32")
LABELS = np.array([0, 1, 2, 3, 4, 0])


def two_groups():
    return small_alexnet(rng=np.random.default_rng(0), classes=5, image_size=16)


def frozen_names(net):
    return {layer.name for _, layer, _ in net.parameters() if not layer.trainable}


@pytest.mark.parametrize(
    ("names", "frozen"),
    [
        (["conv1"], {"lower.a.conv1", "lower.b.conv1"}),
        (["conv1", "conv2"], {f"lower.{group}.conv{n}" for group in "ab" for n in (1, 2)}),
        (["lower"], {f"lower.{group}.conv{n}" for group in "ab" for n in (1, 2)}),
        (["upper.b"], {f"upper.b.conv{n}" for n in (3, 4, 5)}),
        (["lower.b.conv1", "fc8"], {"lower.b.conv1", "fc8"}),
        (["fc6"], {"fc6.a.fc6", "fc6.b.fc6"}),
        ([], set()),
    ],
    ids=lambda value: "+".join(sorted(value)),
)
def test_a_name_freezes_that_layer_of_all_groups(names, frozen):
    net = two_groups()
    freeze(net, names)
    assert frozen_names(net) == frozen


@pytest.mark.parametrize(
    ("name", "hint"),
    [("cnv1", "did you mean 'conv1'"), ("lowr", "did you mean 'lower'"), ("x", "the net has conv1, lower, conv2")],
)
def test_a_name_that_no_layer_has(name, hint):
    net = two_groups()
    with pytest.raises(ValueError, match=rf"freeze: expected names of layers, got '{name}'; {hint}"):
        freeze(net, ["conv1", name])
    assert not frozen_names(net)  # nothing half done


def test_a_net_of_which_nothing_learns_is_refused():
    with pytest.raises(ValueError, match="expected a layer that learns, got all of them frozen; leave one out"):
        freeze(two_groups(), ["lower", "upper", "fc6", "fc7", "fc8"])


def gradients(net, ended):
    """Return the gradients of one step, and the names of the layers whose backward was called."""
    called = []
    head = SoftmaxCrossEntropy()
    for prefix, layer in net.walk():
        if layer.params:
            object.__setattr__(layer, "backward", watched(layer.backward, prefix, called))
    head.forward(net.eval()(X), LABELS)
    if ended:
        with no_gradients_below_trainable(net):
            net.backward(head.backward())
    else:
        net.backward(head.backward())
    return {name: layer.grads[key] for name, layer, key in net.parameters() if layer.trainable}, called


def watched(backward, prefix, called):
    def call(dy):
        called.append(prefix.removesuffix("."))
        return backward(dy)

    return call


@pytest.mark.parametrize(
    ("names", "last"),
    [
        (["conv1"], {"lower.a.conv2", "lower.b.conv2"}),
        (["lower"], {"upper.a.conv3", "upper.b.conv3"}),
        (["conv1", "conv2", "conv4"], {"upper.a.conv3", "upper.b.conv3"}),
        (["lower", "upper", "fc6", "fc7"], {"fc8"}),
        (["lower.a"], {"lower.b.conv1"}),
    ],
    ids=lambda value: "+".join(sorted(value)),
)
def test_the_backward_pass_ends_at_the_first_layer_that_learns(names, last):
    whole, ended = two_groups(), two_groups()
    for net in (whole, ended):
        freeze(net, names)
    expected, everywhere = gradients(whole, ended=False)
    got, called = gradients(ended, ended=True)
    assert expected.keys() == got.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(got[name], value, err_msg=name)
    assert set(called) <= set(everywhere)
    below = {name for name in everywhere if name < min(last) and name.startswith(("lower", "upper"))}
    assert last <= set(called)
    if names != ["lower.a"]:  # one group alone frozen: its layers are computed with the other's
        assert not below & set(called)


def test_the_net_is_afterwards_as_it_was():
    net = two_groups()
    freeze(net, ["lower"])
    flags = {prefix: layer.input_gradient for prefix, layer in net.walk()}

    def interrupted():
        with no_gradients_below_trainable(net):
            assert not net["upper.a.conv3"].input_gradient
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert {prefix: layer.input_gradient for prefix, layer in net.walk()} == flags


class Twice(Layer):
    """A container of a student's, whose backward is its own: y = body(x) + x."""

    def __init__(self, body):
        super().__init__()
        self.layers = {"body": body}

    def forward(self, x):
        return self.layers["body"](x) + x

    def backward(self, dy):
        return self.layers["body"].backward(dy) + dy

    def each_parameter(self, visit, prefix=""):
        self.layers["body"].each_parameter(visit, f"{prefix}body.")


def test_a_container_with_a_backward_of_its_own_is_not_looked_into():
    rng = np.random.default_rng(0)
    net = Sequential(
        conv1=Conv2D(3, 3, 3, pad=1, rng=rng), twice=Twice(Conv2D(3, 3, 3, pad=1, rng=rng)), relu=ReLU(),
        flatten=Flatten(), fc1=Dense(768, 5, rng=rng),
    )  # fmt: skip
    freeze(net, ["conv1"])
    assert [layer.name for layer in first_trainable(net)] == ["twice"]
    got, called = gradients(net, ended=True)
    assert called == ["fc1", "twice.body"]
    assert got.keys() == {"twice.body.W", "twice.body.b", "fc1.W", "fc1.b"}


def test_is_trainable_follows_containers():
    net = two_groups()
    net["lower"].trainable = False  # by hand, at the container
    assert not is_trainable(net["lower"])
    assert [layer.name for layer in first_trainable(net)][:2] == ["upper", "upper.a"]


def test_fit_changes_the_other_layers_only_and_a_thawed_layer_learns_again():
    net, rng = small_net(np.random.default_rng(0)), np.random.default_rng(0)
    freeze(net, ["fc1"])
    before, states = net.state(), []

    def thaw(history):
        states.append(net.state())
        net["fc1"].trainable = True

    fit(net, colours(60, 1), sgd=SGD(net, 0.01), epochs=2, rng=rng, batch=20, after_epoch=thaw, progress=False)
    for name, value in before.items():
        assert np.array_equal(states[0][name], value) == name.startswith("fc1"), name
        assert not np.array_equal(states[1][name], value), name

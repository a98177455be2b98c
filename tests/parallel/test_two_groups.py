"""The two-group nets: on two strict devices, on one host, and against the single-device twin."""

import numpy as np
import pytest
from strict_device import NotCurrent, StrictDevice, home

from minialex import Device, Host, Sequential, alexnet, host, layers
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import alexnet_single, merge_groups, small_alexnet, split_groups
from minialex.parallel import AllGather, Broadcast, Gather, Groups


def net_on(devices, seed=0, **options):
    """A small two-group net, in float64, with gradients with respect to the images too."""
    net = small_alexnet(devices, rng=np.random.default_rng(seed), image_size=8, kit=layers, **options)
    for _, layer in net.walk():
        layer.input_gradient = True
    return net


def in_float64(net, state):
    for prefix, layer in net.walk():
        for key in layer.params:
            layer.params[key] = layer.device.put(state[prefix + key].astype("float64"))
    return net


def step(net, images, labels):
    """One forward and backward: the loss, the input's gradient and every parameter's."""
    head = SoftmaxCrossEntropy().to(net.device)
    with net.device:
        loss = head.forward(net.forward(net.device.put(images)), labels)
        dlogits = head.backward()
    dx = net.backward(dlogits)
    grads = {prefix + key: home(value) for prefix, layer in net.walk() for key, value in layer.grads.items()}
    return loss, None if dx is None else home(dx), grads


def batch(size=8, n=5):
    rng = np.random.default_rng(1)
    return 50 * rng.standard_normal((n, 3, size, size)), rng.integers(0, 10, n)


@pytest.mark.parametrize("training", [True, False])
def test_two_strict_devices_compute_what_one_host_does(training):
    images, labels = batch()
    twice, apart = net_on((host, host)), net_on((StrictDevice("device1"), StrictDevice("device2")))
    state = twice.state()
    results = []
    for net in (twice, apart):
        in_float64(net, state)
        results.append(step(net if training else net.eval(), images, labels))
    (loss, dx, grads), (other_loss, other_dx, other_grads) = results
    assert loss == pytest.approx(other_loss, rel=1e-12)
    np.testing.assert_allclose(dx, other_dx, rtol=1e-9, atol=1e-12 * abs(dx).max())
    assert grads.keys() == other_grads.keys() == state.keys()
    for name, gradient in grads.items():
        assert abs(gradient).max() > 0
        np.testing.assert_allclose(gradient, other_grads[name], rtol=1e-9, atol=1e-12 * abs(gradient).max())


def test_two_threads_compute_what_one_host_does():
    images, labels = batch()
    twice, side_by_side = net_on((host, host)), net_on((Host(workers=1), Host(workers=1)))
    (loss, dx, grads), (other_loss, other_dx, other_grads) = (step(n, images, labels) for n in (twice, side_by_side))
    assert loss == pytest.approx(other_loss, rel=1e-12)
    np.testing.assert_allclose(dx, other_dx, rtol=1e-4, atol=1e-6 * abs(dx).max())
    for name, gradient in grads.items():
        np.testing.assert_allclose(gradient, other_grads[name], rtol=1e-4, atol=1e-5 * abs(gradient).max())


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["paper", "source"])
def test_alexnet_is_its_single_device_twin(preset):
    two = alexnet(rng=np.random.default_rng(0), classes=7, image_size=64, preset=preset, kit=layers).eval()
    one = alexnet_single(rng=np.random.default_rng(1), classes=7, image_size=64, preset=preset, kit=layers).eval()
    one.load_state(merge_groups(two.state()))
    images, labels = batch(64, 2)
    loss, _, grads = step(two.astype("float64"), images, labels % 7)
    other_loss, _, other_grads = step(one.astype("float64"), images, labels % 7)
    assert loss == pytest.approx(other_loss, rel=1e-12)
    merged = merge_groups(grads)
    assert merged.keys() == other_grads.keys()
    for name, gradient in merged.items():
        difference = abs(gradient - other_grads[name]).max()
        assert difference <= 1e-10 * abs(gradient).max(), name


def test_merging_and_splitting_are_inverse():
    state = small_alexnet(rng=np.random.default_rng(0)).state()
    merged = merge_groups(state)
    assert merged["conv1.W"].shape == (48, 3, 5, 5)
    assert merged["fc8.W"].shape == (10, 512)
    layers_in_order = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")
    assert list(merged) == [f"{name}.{key}" for name in layers_in_order for key in "Wb"]
    again = split_groups(merged)
    assert again.keys() == state.keys()
    for name, value in state.items():
        np.testing.assert_array_equal(again[name], value)
    assert merge_groups(merged).keys() == merged.keys()
    with pytest.raises(ValueError, match=r"conv1\.W: expected kernels for 2 groups, got 3"):
        split_groups({"conv1.W": np.zeros((3, 1, 1, 1))})


@pytest.mark.parametrize("devices", [(host,), (host, host, host)])
def test_figure_2_has_two_groups(devices):
    for build in (alexnet, small_alexnet):
        with pytest.raises(ValueError, match="expected two devices, one a group"):
            build(devices, rng=np.random.default_rng(0), image_size=64)


def test_groups_by_names_and_letters():
    net = small_alexnet(rng=np.random.default_rng(0))
    assert net.layers["upper"].layers["b"].layers["conv4"].name == "upper.b.conv4"
    assert "lower.a.conv1.W" in net.state()


# -- errors name the missing communication ----------------------------------------------------------------------


def dense(features):
    rng = np.random.default_rng(0)
    return lambda: Sequential(fc=layers.Dense(features, 4, rng=rng))


def strict():
    return StrictDevice("device1"), StrictDevice("device2")


def run(net, devices, x=None):
    x = np.ones((2, 6)) if x is None else x
    return net.astype("float64").forward(devices[0].put(x)) if devices[0] is host else net.forward(devices[0].put(x))


def test_a_missing_allgather_is_named():
    net = Sequential(
        images=Broadcast((host, host)), lower=Groups((host, host), dense(6)), upper=Groups((host, host), dense(8))
    )
    with pytest.raises(ValueError, match=r"upper\.a\.fc .*expected features \(N, 8\).*put an AllGather before upper"):
        run(net, (host, host))


def test_a_missing_broadcast_is_named():
    net = Sequential(lower=Groups((host, host), dense(6)))
    with pytest.raises(
        ValueError, match=r"lower .*expected 2 arrays, one on each of .* got one array; a communication"
    ):
        run(net, (host, host))


def test_a_missing_gather_is_named():
    net = Sequential(images=Broadcast((host, host)), lower=Groups((host, host), dense(6)), fc8=dense(8)())
    with pytest.raises(ValueError, match=r"fc8.* expected one array, got 2 of them.*put a Gather before it"):
        run(net, (host, host))


def test_an_array_on_the_wrong_device_is_named():
    a, b = strict()
    groups = Groups((a, b), dense(6))
    with pytest.raises(ValueError, match=r"group b on .*device2.*got one on .*device1.*communication is missing"):
        groups.forward((a.put(np.ones((2, 6), "float32")), a.put(np.ones((2, 6), "float32"))))


def test_a_layer_left_on_the_wrong_device_is_named():
    a, b = strict()
    net = Sequential(images=Broadcast((a, b)), lower=Groups((a, b), dense(6)))
    net.layers["lower"].layers["b"].layers["fc"].to(a)
    with pytest.raises(ValueError, match=r"lower\.b\.fc .*expected to be on .*device2.*got .*device1"):
        run(net, (a, b), np.ones((2, 6), "float32"))


class Careless(layers.ReLU):
    """A ReLU that does one thing wrong on its device."""

    def __init__(self, fault):
        super().__init__()
        self.fault = fault

    def forward(self, x):
        return self.fault(self, x)


def careless(fault, devices):
    return Sequential(
        images=Broadcast(devices), lower=Groups(devices, lambda: Sequential(relu=Careless(fault))),
        gather=Gather(devices, to=devices[0]),
    )  # fmt: skip


def test_an_allocation_outside_its_device_is_caught():
    a, b = strict()

    def allocate(layer, x):
        other = b if layer.device is a else a
        return x + other.xp.ones(x.shape, dtype=x.dtype)

    with pytest.raises(NotCurrent, match=r"its array module is used while .* is current"):
        run(careless(allocate, (a, b)), (a, b), np.ones((2, 6), "float32"))
    with pytest.raises(NotCurrent, match="while no device is current"):
        _ = a.xp


def test_a_silent_transfer_is_caught():
    a, b = strict()
    kept = {}

    def mix(layer, x):
        return x + kept.setdefault("first", x)

    with pytest.raises(ValueError, match="two different devices"):
        run(careless(mix, (a, b)), (a, b), np.ones((2, 6), "float32"))


def test_the_strict_device_refuses_what_it_should():
    """The proofs above would prove nothing on a device that lets everything pass."""
    a, b = strict()
    x, y = a.put(np.ones(3, "float32")), b.put(np.ones(3, "float32"))
    with pytest.raises(ValueError, match="different devices"):
        x + y
    assert a.holds(x)
    assert not a.holds(y)
    assert not a.holds(np.ones(3))
    assert a.holds(a.zeros(3))
    assert isinstance(a, Device)


@pytest.mark.parametrize("container", [AllGather, Broadcast, Groups])
def test_containers_want_devices(container):
    arguments = ([lambda: layers.ReLU()],) if container is Groups else ()
    with pytest.raises(ValueError, match="expected devices to be an integer >= 1"):
        container((), *arguments)

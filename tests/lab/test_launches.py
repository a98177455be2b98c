"""The device that counts launches: its counts by hand, its arrays, and a net on it against the host."""

import numpy as np
import pytest

from minialex import host, layers
from minialex.lab.counted import Counted
from minialex.lab.launches import Count, CountingDevice
from minialex.models import cifar_80sec
from minialex.training import SGD

RNG = np.random.default_rng(0)
X = RNG.standard_normal((4, 6, 8, 8), dtype="float32")


@pytest.fixture
def device():
    return CountingDevice()


def test_an_operation_is_a_launch_that_reads_its_operands_and_writes_its_result(device):
    x = device.put(X)
    with device.counting() as count:
        y = 2 * x + x
    assert count == Count(launches=2, bytes=5 * X.nbytes)  # x -> 2x, then 2x, x -> y
    np.testing.assert_array_equal(host.put(y), 3 * X)


@pytest.mark.parametrize(("work", "launches"), [
    (lambda xp, x: x[:, ::2], 0),
    (lambda xp, x: xp.reshape(x, (4, -1)), 0),
    (lambda xp, x: xp.permute_dims(x, (1, 0, 2, 3)), 0),
    (lambda xp, x: xp.reshape(xp.permute_dims(x, (1, 0, 2, 3)), (6, -1)), 1),  # which must copy
    (lambda xp, x: xp.sum(x), 1),
    (lambda xp, x: xp.concat([x, x], axis=1), 1),
    (lambda xp, x: xp.where(x > 0, x, 0.0), 2),
    (lambda xp, x: xp.zeros((2, 3), dtype="float32"), 1),
    (lambda xp, x: x.__iadd__(x), 1),
    (lambda xp, x: x[:2].__setitem__((...,), 1.0), 1),
    (lambda xp, x: x[:, :, 0] @ xp.matrix_transpose(x[:, :, 0]), 1),
])  # fmt: skip
def test_views_are_free(device, work, launches):
    x = device.put(X)
    with device.counting() as count:
        work(device.xp, x)
    assert count.launches == launches


def test_transfers_are_counted_and_nothing_is_transferred_twice(device):
    with device.counting() as count:
        x = device.put(X)
        assert device.put(x) is x
        layers.Dense(3, 5, rng=RNG).to(device)
    assert count == Count(transfers=3, transferred=X.nbytes + 4 * (15 + 5))
    assert device.holds(x)
    assert isinstance(x, Counted)
    assert not device.holds(X)


def test_counting_inside_counting_begins_at_0(device):
    x = device.put(X)
    with device.counting() as outer:
        x + 1
        with device.counting() as inner:
            x + 1
        x + 1
    assert (outer.launches, inner.launches) == (2, 1)


def test_counting_ends_after_an_error_too(device):
    before = device.count
    with pytest.raises(TypeError), device.counting():
        device.put(X) + X
    assert device.count is before


@pytest.mark.parametrize("work", [
    lambda x: x + X,
    lambda x: X + x,
    lambda x: np.concat([x, X]),
    lambda x: x.__setitem__(slice(None), X),
    lambda x: x.__iadd__(X),
])  # fmt: skip
def test_arrays_in_main_memory_are_refused(device, work):
    with pytest.raises(TypeError, match=r"got one in main memory; bring it there with device\.put"):
        work(device.put(X))


def test_arrays_of_two_devices_are_refused(device):
    other = CountingDevice()
    with pytest.raises(TypeError, match="got one in another device"):
        device.put(X) + other.put(X)
    np.testing.assert_array_equal(host.put(device.put(other.put(X))), X)


def after_one_step(device):
    """Return a net's state after one step on a device."""
    net, head = cifar_80sec(device, rng=np.random.default_rng(0), kit=layers), layers.SoftmaxCrossEntropy().to(device)
    images = 100 * np.random.default_rng(1).standard_normal((2, 3, 32, 32), dtype="float32")
    assert np.isfinite(head.forward(net.forward(device.put(images)), np.array([1, 2])))
    net.backward(head.backward())
    SGD(net, lr=0.01).step()
    return net.state()


def test_a_net_computes_what_it_does_on_the_host(device):
    with device.counting() as count:
        state = after_one_step(device)
    for name, value in after_one_step(host).items():
        np.testing.assert_allclose(state[name], value, rtol=1e-5, atol=1e-7)
    assert count.launches > 100

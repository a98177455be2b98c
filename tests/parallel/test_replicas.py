"""Replicas: a batch in parts gives what the whole batch does."""

import numpy as np
import pytest
from strict_device import StrictDevice, home

from minialex import Host, Sequential, host, layers
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.parallel import Replicas
from minialex.training import SGD

A, B, C = (Host(workers=1) for _ in range(3))


def net(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        conv1=layers.Conv2D(3, 4, 3, std=0.1, rng=rng), relu1=layers.ReLU(), norm1=layers.LRN(3, alpha=0.1),
        pool1=layers.MaxPool(3, 2), flatten=layers.Flatten(), drop=layers.Dropout(0.5, rng=rng.spawn(1)[0]),
        fc2=layers.Dense(24, 5, std=0.1, rng=rng),
    )  # fmt: skip


def step(net, images, labels):
    head = SoftmaxCrossEntropy().to(net.device)
    with net.device:
        loss = head.forward(net.forward(net.device.put(images)), labels)
        dlogits = head.backward()
    return loss, net.backward(dlogits)


@pytest.mark.parametrize("n", [7, 6, 2, 1])
@pytest.mark.parametrize(
    "devices", [(host,), (host, host), (A, B, C), (StrictDevice("device1"), StrictDevice("device2"))], ids=str
)
def test_a_split_batch_is_the_whole_batch(devices, n):
    whole, split = net().astype("float64"), Replicas(net().astype("float64"), devices)
    rng = np.random.default_rng(1)
    for _ in range(3):  # dropout draws on: its generator must go on as well
        images, labels = rng.standard_normal((n, 3, 9, 8)), rng.integers(0, 5, n)
        (loss, dx), (split_loss, split_dx) = step(whole, images, labels), step(split, images, labels)
        assert split_loss == pytest.approx(loss, rel=1e-12)
        np.testing.assert_allclose(home(split_dx), dx, rtol=1e-9, atol=1e-13)
        for (_, one), (_, other) in zip(whole.walk(), split.net.walk(), strict=True):
            for key, gradient in one.grads.items():
                np.testing.assert_allclose(home(other.grads[key]), gradient, rtol=1e-9, atol=1e-13)


def test_training_keeps_the_replicas_equal():
    whole, split = net(), Replicas(net(), (A, B))
    sgds = SGD(whole, 0.05), SGD(split, 0.05)
    rng = np.random.default_rng(1)
    images, labels = rng.standard_normal((8, 3, 9, 8), dtype="float32"), rng.integers(0, 5, 8)
    for _ in range(5):
        for n, sgd in zip((whole, split), sgds, strict=True):
            step(n, images, labels)
            sgd.step()
    assert whole.state().keys() == split.state().keys()
    for name, value in whole.state().items():
        np.testing.assert_allclose(split.state()[name], value, rtol=1e-4, atol=1e-6)
    whole.eval(), split.eval()
    np.testing.assert_allclose(split.forward(images), whole.forward(images), rtol=1e-4, atol=1e-6)


def test_a_net_of_two_groups_has_replicas_too():
    one = small_alexnet(rng=np.random.default_rng(0), image_size=8).eval()
    two = Replicas(small_alexnet(rng=np.random.default_rng(0), image_size=8).eval(), (A, B))
    images = np.random.default_rng(1).standard_normal((5, 3, 8, 8), dtype="float32")
    np.testing.assert_allclose(two.forward(images), one.forward(images), rtol=1e-4, atol=1e-6)
    assert two.backward(np.ones((5, 10), "float32")) is None
    assert two.output_shape((3, 8, 8)) == (10,)
    assert two.multiply_adds((3, 8, 8)) == one.multiply_adds((3, 8, 8))


def test_replicas_want_devices():
    with pytest.raises(ValueError, match="expected devices to be an integer >= 1"):
        Replicas(net(), ())


def test_an_error_in_one_replica_is_raised():
    with pytest.raises(ValueError, match="conv1"):
        Replicas(net(), (A, B)).forward(np.ones((4, 2, 9, 8), "float32"))

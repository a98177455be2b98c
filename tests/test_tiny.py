"""The public API in two seconds: run this before every commit."""

import numpy as np

from minialex import Sequential, check_gradients, summary
from minialex.layers import Conv2D, Dense, Flatten, MaxPool, ReLU, SoftmaxCrossEntropy
from minialex.training import SGD


def tiny(rng):
    return Sequential(
        conv1=Conv2D(1, 4, 3, pad=1, std=0.3, rng=rng), relu1=ReLU(), pool1=MaxPool(2, 2),
        flatten=Flatten(), fc2=Dense(4 * 4 * 4, 2, std=0.1, rng=rng),
    )  # fmt: skip


def stripes(rng, n=64):
    """Level and upright stripes of random phase: two classes."""
    labels = rng.integers(0, 2, n)
    phase = rng.integers(0, 2, n)
    level = (np.arange(8)[:, None] + phase[:, None, None]) % 2 * np.ones(8)
    images = np.where(labels[:, None, None] == 0, level, level.transpose(0, 2, 1))
    return (images - 0.5)[:, None].astype("float32"), labels


def test_a_net_learns_stripes():
    rng = np.random.default_rng(0)
    net, head = tiny(rng), SoftmaxCrossEntropy()
    sgd = SGD(net, lr=0.1)
    images, labels = stripes(rng)
    losses = []
    for _ in range(60):
        losses.append(head.forward(net.forward(images), labels))
        net.backward(head.backward())
        sgd.step()
    assert losses[0] > 0.6
    assert losses[-1] < 0.05


def test_a_whole_net_has_right_gradients():
    rng = np.random.default_rng(1)
    x = rng.permutation(np.linspace(-2, 2, 2 * 64)).reshape(2, 1, 8, 8)
    errors = check_gradients(tiny(rng), x, rng=rng)
    assert set(errors) == {"x", "conv1.W", "conv1.b", "fc2.W", "fc2.b"}
    assert max(errors.values()) < 1e-6


def test_the_summary_counts():
    table = summary(tiny(np.random.default_rng(0)), (1, 8, 8))
    assert table.parameters == (4 * 9 + 4) + (64 * 2 + 2)
    assert table.multiply_adds == 4 * 9 * 64 + 64 * 2

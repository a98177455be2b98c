"""Kernels that are computed: they whiten patches, or pass channels on."""

import numpy as np
import pytest

from minialex.layers import Conv2D
from minialex.models import identity_kernels, whiten, whitening_kernels
from minialex.models.computed_kernels import second_moments

RNG = np.random.default_rng(0)
SMOOTH = np.cumsum(RNG.standard_normal((300, 3, 7, 8)), axis=3).astype("float32")  # neighbours are alike


def conv(kernels, **settings):
    return Conv2D(3, kernels, 2, rng=np.random.default_rng(0), **settings)


def test_second_moments_by_loops():
    images = SMOOTH[:5]
    patches = [
        images[n, :, i : i + 2, j : j + 2].ravel().astype(float) for n in range(5) for i in range(6) for j in range(7)
    ]
    expected = np.mean([np.outer(p, p) for p in patches], axis=0)
    np.testing.assert_allclose(second_moments(images, 2), expected, rtol=1e-12)


def test_images_in_blocks_give_the_same(monkeypatch):
    whole = second_moments(SMOOTH, 2)
    monkeypatch.setattr("minialex.models.computed_kernels.BLOCK", 7)
    np.testing.assert_allclose(second_moments(SMOOTH, 2), whole, rtol=1e-12)


def test_outputs_are_uncorrelated_and_of_variance_1():
    layer = conv(24)
    whiten(layer, SMOOTH, eps=0.0)
    y = layer(SMOOTH).transpose(1, 0, 2, 3).reshape(24, -1).astype(float)
    np.testing.assert_allclose(y[:12] @ y[:12].T / y.shape[1], np.eye(12), atol=2e-3)
    np.testing.assert_array_equal(y[12:], -y[:12])
    before = second_moments(SMOOTH, 2)
    assert abs(before[0, 1] / before[0, 0]) > 0.5  # so that there was something to whiten


def test_eps_keeps_rare_directions_small():
    s, _ = np.linalg.eigh(second_moments(SMOOTH, 2))
    layer = conv(24)
    whiten(layer, SMOOTH, eps=0.5)
    y = layer(SMOOTH).transpose(1, 0, 2, 3).reshape(24, -1).astype(float)[:12]
    np.testing.assert_allclose(np.mean(y**2, axis=1), (s / (s + 0.5))[::-1], rtol=1e-3)


def test_by_hand():
    """Two channels, kernels of one pixel: (3, 0) and (0, 1) in turn have moments 4.5 and 0.5."""
    images = np.array([[3, 0], [0, 1]], np.float32).reshape(2, 2, 1, 1)
    expected = np.array([[1 / np.sqrt(4.5), 0], [0, 1 / np.sqrt(0.5)]])
    np.testing.assert_allclose(whitening_kernels(images, 1, eps=0.0)[:, :, 0, 0], [*expected, *-expected], rtol=1e-6)


def test_the_layer_is_frozen_and_its_biases_are_0():
    layer = conv(24, bias=1.0)
    whiten(layer, SMOOTH)
    assert not layer.trainable
    assert not layer.params["b"].any()
    assert layer.params["W"].dtype == np.float32


def test_the_signs_do_not_depend_on_the_library_that_decomposes(monkeypatch):
    one = whitening_kernels(SMOOTH)
    eigh = np.linalg.eigh
    monkeypatch.setattr(np.linalg, "eigh", lambda S: (eigh(S)[0], -eigh(S)[1]))
    np.testing.assert_array_equal(whitening_kernels(SMOOTH), one)


@pytest.mark.parametrize(("reads", "makes"), [(3, 5), (5, 3), (4, 4)])
def test_the_first_kernels_pass_their_channels_on(reads, makes):
    layer = Conv2D(reads, makes, 3, pad=1, std=0.5, rng=np.random.default_rng(0))
    drawn = layer.params["W"].copy()
    identity_kernels(layer)
    x = RNG.standard_normal((2, reads, 4, 5)).astype("float32")
    n = min(reads, makes)
    np.testing.assert_array_equal(layer(x)[:, :n], x[:, :n])
    np.testing.assert_array_equal(layer.params["W"][n:], drawn[n:])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: whitening_kernels(SMOOTH[0]), r"floats \(N, C, H, W\) of at least 2 pixels, got float32 \(3, 7, 8\)"),
        (lambda: whitening_kernels(SMOOTH.astype("uint8")), "got uint8 .*; give images as the net reads them"),
        (lambda: whitening_kernels(SMOOTH, 8), "of at least 8 pixels"),
        (lambda: whitening_kernels(SMOOTH, 0), "kernel to be an integer >= 1"),
        (lambda: whitening_kernels(SMOOTH, eps=-1), "eps to be a number, 0 <= eps < inf"),
        (lambda: whiten(conv(12), SMOOTH), r"Conv2D: expected 24 kernels, 2 \* C \* K \* K, got 12"),
        (lambda: identity_kernels(conv(4)), "one group and kernels of an odd side, got 1 groups, kernels of 2 pixels"),
        (lambda: identity_kernels(Conv2D(2, 2, 3, groups=2, rng=RNG)), "got 2 groups, kernels of 3"),
    ],
)
def test_what_cannot_be_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()

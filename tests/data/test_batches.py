"""Batches of one epoch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minialex.data import Split, batches

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 3, 2, 2), dtype=np.uint8)
SPLIT = Split(IMAGES, np.arange(10))
MEAN = IMAGES.mean(axis=0, dtype=np.float32)


def test_in_order():
    got = list(batches(SPLIT, 4, mean=MEAN))
    assert [len(labels) for _, labels in got] == [4, 4, 2]
    np.testing.assert_array_equal(np.concatenate([labels for _, labels in got]), np.arange(10))
    x = np.concatenate([images for images, _ in got])
    assert x.dtype == np.float32
    np.testing.assert_allclose(x, IMAGES - MEAN)


@given(size=st.integers(1, 12), seed=st.integers(0, 5))
def test_in_random_order_every_image_comes_once_with_its_label(size, seed):
    got = list(batches(SPLIT, size, mean=MEAN, rng=np.random.default_rng(seed)))
    labels = np.concatenate([labels for _, labels in got])
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(np.sort(labels), np.arange(10))
    np.testing.assert_allclose(np.concatenate([images for images, _ in got]), IMAGES[labels] - MEAN)


def test_each_epoch_has_a_new_order_decided_by_the_seed():
    def orders(seed):
        rng = np.random.default_rng(seed)
        return [np.concatenate([y for _, y in batches(SPLIT, 3, mean=MEAN, rng=rng)]).tolist() for _ in range(2)]

    first, second = orders(1)
    assert first != second
    assert orders(1) == [first, second]


def test_batches_are_the_caller_s_own():
    for images, labels in batches(SPLIT, 4, mean=MEAN):
        images[:], labels[:] = 0, 0
    np.testing.assert_array_equal(SPLIT.labels, np.arange(10))


@pytest.mark.parametrize("size", [0, -3, 2.0, True])
def test_the_size_is_checked_at_the_call(size):
    with pytest.raises(ValueError, match="batches: expected size to be an integer >= 1"):
        batches(SPLIT, size, mean=MEAN)


def test_the_rest_is_checked_at_the_call():
    with pytest.raises(ValueError, match=r"rng: expected a numpy.random.Generator"):
        batches(SPLIT, 4, mean=MEAN, rng=0)
    with pytest.raises(ValueError, match="mean: expected"):
        batches(SPLIT, 4, mean=MEAN[:, :1])

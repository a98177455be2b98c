"""The same seed, epoch and image give the same result, however the work is divided."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minialex.data import Split, batches, mean_image
from minialex.data.augmentation import (
    Augmentation,
    PCAColour,
    RandomCrop,
    RandomReflection,
    RandomRotation,
    RandomScale,
    RandomShift,
    RandomUpsideDown,
)

STEPS = [
    RandomRotation(20), RandomScale(0.8, 1.2), RandomShift(2), RandomCrop(9), RandomReflection(),
    PCAColour([3000, 400, 200], np.eye(3)), PCAColour([3000, 400, 200], np.eye(3), preset="source"),
    RandomUpsideDown(), PCAColour(preset="image"),
]  # fmt: skip
IMAGES = (50 * np.random.default_rng(0).standard_normal((13, 3, 12, 14))).astype(np.float32)
ALL = np.arange(13)


def augmented(seed=1, number=2, steps=STEPS):
    return Augmentation(steps, seed=seed).epoch(number, 13).apply(IMAGES, ALL)


@given(order=st.permutations(list(range(13))), size=st.integers(1, 13))
def test_neither_order_nor_batches_matter(order, size):
    order, expected = np.array(order), augmented()
    epoch = Augmentation(STEPS, seed=1).epoch(2, 13)
    for start in range(0, 13, size):
        indices = order[start : start + size]
        np.testing.assert_array_equal(epoch.apply(IMAGES[indices], indices), expected[indices])


@pytest.mark.parametrize("chunk", [1, 3 * 3 * 12 * 14, 2**30])
def test_nor_the_size_of_chunks(chunk, monkeypatch):
    split = Split(np.random.default_rng(0).integers(0, 256, (13, 3, 12, 14), dtype=np.uint8), ALL)
    mean, epoch = mean_image(split.images), Augmentation(STEPS, seed=1).epoch(2, 13)
    monkeypatch.setattr(sys.modules["minialex.data.batches"], "CHUNK", chunk)
    for images, labels in batches(split, 5, mean=mean, rng=np.random.default_rng(1), draws=epoch):
        np.testing.assert_array_equal(images, epoch.apply(split.images[labels] - mean, labels))


def test_nor_workers():
    epoch = Augmentation(STEPS, seed=1).epoch(2, 13)
    with ThreadPoolExecutor(4) as workers:
        got = list(workers.map(lambda i: epoch.apply(IMAGES[i : i + 1], ALL[i : i + 1]), range(13)))
    np.testing.assert_array_equal(np.concatenate(got), augmented())


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_the_first_rows_do_not_depend_on_how_many_follow(step):
    rows = step.draw(np.random.default_rng([3, 1, 0]), 1000)
    assert rows.shape == (1000, step.columns)
    assert rows.dtype == np.float32
    for n in (0, 1, 2, 7, 999):
        np.testing.assert_array_equal(step.draw(np.random.default_rng([3, 1, 0]), n), rows[:n])


def test_an_image_keeps_its_augmentation_in_a_smaller_set():
    small = Augmentation(STEPS, seed=1).epoch(2, 5)
    np.testing.assert_array_equal(small.apply(IMAGES[:5], ALL[:5]), augmented()[:5])


def test_another_seed_epoch_or_image_gives_another_result():
    same = np.repeat(IMAGES[:1], 13, axis=0)
    first = Augmentation(STEPS, seed=1).epoch(2, 13).apply(same, ALL)
    assert len({y.tobytes() for y in first}) == 13
    assert not np.array_equal(augmented(), augmented(seed=2))
    assert not np.array_equal(augmented(), augmented(number=3))


def test_equal_steps_draw_independently():
    rows = Augmentation([RandomShift(2), RandomShift(2)], seed=0).epoch(1, 50).rows
    assert not np.array_equal(rows[0], rows[1])


def test_the_steps_in_order():
    rng = np.random.default_rng
    x = IMAGES
    for k, step in enumerate(STEPS):
        x = step.apply(x, step.draw(rng([1, 2, k, 41]), 13))
    np.testing.assert_array_equal(augmented(), x)


def test_the_batch_is_left_as_it_was_and_the_result_is_the_caller_s_own():
    before = IMAGES.copy()
    augmented()[:] = 0
    np.testing.assert_array_equal(IMAGES, before)
    assert augmented().flags.c_contiguous
    assert augmented().dtype == np.float32


def test_output_size():
    assert Augmentation([RandomRotation(9), RandomCrop(224), RandomReflection()], seed=0).output_size(256) == 224
    assert Augmentation([RandomCrop(24), RandomCrop(20)], seed=0).output_size(32) == 20
    with pytest.raises(ValueError, match="expected images of at least 24 pixels, got 20"):
        Augmentation([RandomCrop(20), RandomCrop(24)], seed=0).output_size(32)


EPOCH = Augmentation(STEPS, seed=0).epoch(0, 13)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Augmentation(["crop"], seed=0), "Augmentation: expected steps such as .*, got 'crop'"),
        (lambda: Augmentation([], seed=-1), "Augmentation: expected seed to be an integer >= 0, got -1"),
        (lambda: Augmentation([], seed=0).epoch(0.5, 3), "expected epoch to be an integer >= 0, got 0.5"),
        (lambda: Augmentation([], seed=0).epoch(1, -3), "expected images to be an integer >= 0, got -3"),
        (lambda: EPOCH.apply(IMAGES.astype(np.uint8), ALL), "subtract the mean image first"),
        (lambda: EPOCH.apply(IMAGES[0], ALL), r"x: expected floats \(n, C, H, W\)"),
        (lambda: EPOCH.apply(IMAGES[:0], ALL[:0]), "x: expected"),
        (lambda: EPOCH.apply(IMAGES[:, :1], ALL), "PCAColour: expected images of red, green and blue, got 1 channels"),
        (lambda: EPOCH.apply(IMAGES, ALL[:5]), r"indices: expected integers \(13,\), got int64 \(5,\)"),
        (lambda: EPOCH.apply(IMAGES, ALL / 2), "indices: expected integers"),
        (lambda: EPOCH.apply(IMAGES, ALL + 1), "indices: expected 0 to 12, got 13"),
        (lambda: EPOCH.apply(IMAGES, ALL - 1), "indices: expected 0 to 12, got -1"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()

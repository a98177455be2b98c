"""Random crops and reflections: all windows occur, equally often, and nothing else."""

import numpy as np
import pytest

from minialex.data.augmentation import AugmentationStep, RandomCrop, RandomReflection, RandomUpsideDown
from minialex.data.augmentation.step import uniform_integers

IMAGES = np.random.default_rng(0).standard_normal((5, 3, 9, 12), dtype=np.float32)
ALMOST_ONE = np.nextafter(np.float32(1), np.float32(0))


def numbered(n, H, W):
    """Images whose every pixel is its position: row * W + column, in each channel."""
    return np.broadcast_to(np.arange(H * W, dtype=np.float32).reshape(H, W), (n, 3, H, W))


def test_every_offset_of_the_paper_occurs_equally_often():
    n = 33 * 400
    rows = RandomCrop(224).draw(np.random.default_rng(1), n)
    top, left = uniform_integers(rows, 33).T
    for offset in (top, left):
        counts = np.bincount(offset)
        assert len(counts) == 33  # 0 to 32, both included
        assert ((counts - 400) ** 2 / 400).sum() < 62.5  # chi-square of 32 degrees of freedom: one in a thousand
    assert abs(np.corrcoef(top, left)[0, 1]) < 4 / np.sqrt(n)  # rows and columns are independent


def test_every_window_occurs_equally_often():
    step, n = RandomCrop(2), 12 * 300
    y = step.apply(numbered(n, 4, 5), step.draw(np.random.default_rng(2), n))
    positions, counts = np.unique(y[:, 0, 0, 0], return_counts=True)
    np.testing.assert_array_equal(positions, [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13])
    assert ((counts - 300) ** 2 / 300).sum() < 31.3  # 11 degrees of freedom


@pytest.mark.parametrize("size", [1, 2, 7, 9])
def test_against_loops(size):
    step = RandomCrop(size)
    rows = step.draw(np.random.default_rng(3), 5)
    y = step.apply(IMAGES, rows)
    for i, (down, right) in enumerate(rows.tolist()):
        top, left = int(down * (9 - size + 1)), int(right * (12 - size + 1))
        for c in range(3):
            for row in range(size):
                for column in range(size):
                    assert y[i, c, row, column] == IMAGES[i, c, top + row, left + column]


def test_the_first_and_the_last_offset():
    x = numbered(2, 256, 256)
    y = RandomCrop(224).apply(x, np.array([[0, ALMOST_ONE], [ALMOST_ONE, 0]], dtype=np.float32))
    np.testing.assert_array_equal(y[0], x[0, :, :224, 32:])
    np.testing.assert_array_equal(y[1], x[1, :, 32:, :224])


@pytest.mark.parametrize("count", [1, 2, 3, 33, 64, 1000, 2**20 + 1])
def test_integers_reach_both_ends_and_no_further(count):
    np.testing.assert_array_equal(uniform_integers(np.array([0, ALMOST_ONE]), count), [0, count - 1])


@pytest.mark.parametrize("side", [1, 8])
def test_a_crop_of_the_whole_image_is_the_image(side):
    x = np.ones((2, 3, side, side), np.float32)
    y = RandomCrop(side).apply(x, RandomCrop(side).draw(np.random.default_rng(0), 2))
    np.testing.assert_array_equal(y, x)
    assert not np.shares_memory(x, y)


def test_crops_too_large_and_sizes_that_are_none():
    assert RandomCrop(224).output_size(256) == 224
    with pytest.raises(ValueError, match="expected images of at least 224 pixels, got 223"):
        RandomCrop(224).output_size(223)
    with pytest.raises(ValueError, match="expected images of at least 10 pixels, got 9"):
        RandomCrop(10).apply(IMAGES, np.zeros((5, 2), np.float32))
    for size in (0, -1, 2.5, True):
        with pytest.raises(ValueError, match="RandomCrop: expected size to be an integer >= 1"):
            RandomCrop(size)


@pytest.mark.parametrize(("step", "shape"), [(RandomReflection(), (1, 2)), (RandomUpsideDown(), (2, 1))])
def test_half_are_reflected(step, shape):
    n = 10_000
    y = step.apply(numbered(n, *shape), step.draw(np.random.default_rng(4), n))
    reflected = y[:, 0, 0, 0] == 1
    assert abs(reflected.mean() - 0.5) < 4 * 0.5 / np.sqrt(n)
    assert abs(np.corrcoef(reflected[1:], reflected[:-1])[0, 1]) < 4 / np.sqrt(n)  # neighbours do not agree


def test_reflection_changes_left_and_right_alone():
    y = RandomReflection().apply(IMAGES[:2], np.array([[0.49], [0.5]], dtype=np.float32))
    for j in range(12):
        np.testing.assert_array_equal(y[0, :, :, j], IMAGES[0, :, :, 11 - j])
    np.testing.assert_array_equal(y[1], IMAGES[1])


def test_upside_down_changes_top_and_bottom_alone():
    y = RandomUpsideDown().apply(IMAGES[:2], np.array([[0.49], [0.5]], dtype=np.float32))
    for i in range(9):
        np.testing.assert_array_equal(y[0, :, i], IMAGES[0, :, 8 - i])
    np.testing.assert_array_equal(y[1], IMAGES[1])


@pytest.mark.parametrize("step", [RandomCrop(4), RandomReflection(), RandomUpsideDown()])
def test_the_protocol_of_every_step(step):
    assert isinstance(step, AugmentationStep)
    rows = step.draw(np.random.default_rng(5), 5)
    before = IMAGES.copy()
    y = step.apply(IMAGES, rows)
    np.testing.assert_array_equal(IMAGES, before)
    assert y.dtype == np.float32
    assert y.flags.c_contiguous
    by_columns = np.asfortranarray(IMAGES)
    np.testing.assert_array_equal(step.apply(by_columns, rows), y)
    assert step.apply(by_columns, rows).flags.c_contiguous

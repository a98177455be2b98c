"""Rotation, scale and shift, against loops over pixels and where the answer is known."""

from math import cos, floor, radians, sin

import numpy as np
import pytest

from minialex.data.augmentation import RandomRotation, RandomScale, RandomShift, bilinear

ALMOST_ONE = np.nextafter(np.float32(1), np.float32(0))
IMAGES = np.random.default_rng(0).standard_normal((3, 3, 6, 9), dtype=np.float32)


def column(*values):
    return np.array(values, dtype=np.float32)[:, None]


def pixel(image, i, j):
    """Return the pixel, and 0 outside."""
    H, W = image.shape
    return float(image[i, j]) if 0 <= i < H and 0 <= j < W else 0.0


def interpolated(image, i, j):
    """Return the bilinear interpolation of four pixels."""
    top, left = floor(i), floor(j)
    down, right = i - top, j - left
    upper = (1 - right) * pixel(image, top, left) + right * pixel(image, top, left + 1)
    lower = (1 - right) * pixel(image, top + 1, left) + right * pixel(image, top + 1, left + 1)
    return (1 - down) * upper + down * lower


def by_loops(image, source):
    """Return the channel whose pixel (i, j), from the centre, is the image's at source(i, j)."""
    H, W = image.shape
    ci, cj = (H - 1) / 2, (W - 1) / 2
    out = np.empty((H, W))
    for i in range(H):
        for j in range(W):
            from_i, from_j = source(i - ci, j - cj)
            out[i, j] = interpolated(image, ci + from_i, cj + from_j)
    return out


@pytest.mark.parametrize("band", [1, 4, 32])
@pytest.mark.parametrize("angle", [-40.0, 7.0, 90.0, 165.0])
def test_rotation_against_loops(angle, band, monkeypatch):
    monkeypatch.setattr(bilinear, "BAND", band)
    x = IMAGES[:1].astype("float64")
    y = RandomRotation(180).apply(x, np.array([[(angle / 180 + 1) / 2]]))
    c, s = cos(radians(angle)), sin(radians(angle))
    for channel in range(3):
        expected = by_loops(x[0, channel], lambda i, j: (c * i + s * j, -s * i + c * j))
        np.testing.assert_allclose(y[0, channel], expected, atol=1e-9)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.0, 1.7])
def test_scale_against_loops(factor):
    y = RandomScale(0.5, 2.5).apply(IMAGES, column(*[(factor - 0.5) / 2] * 3))
    for n in range(3):
        expected = by_loops(IMAGES[n, 0], lambda i, j: (i / factor, j / factor))
        np.testing.assert_allclose(y[n, 0], expected, atol=1e-5)


@pytest.mark.parametrize("pixels", [0, 1, 5, 12])
def test_shift_against_loops(pixels):
    step = RandomShift(pixels)
    rows = step.draw(np.random.default_rng(1), 3)
    y = step.apply(IMAGES, rows)
    for n, (down, right) in enumerate(np.floor(rows.astype("float64") * (2 * pixels + 1)).astype(int) - pixels):
        for i in range(6):
            for j in range(9):
                assert y[n, 1, i, j] == np.float32(pixel(IMAGES[n, 1], i - down, j - right))


@pytest.mark.parametrize("pixels", [0, 1, 2, 5])
def test_a_shift_with_a_reflected_border_against_loops(pixels):
    step = RandomShift(pixels, border="reflect")
    rows = step.draw(np.random.default_rng(1), 3)
    y = step.apply(IMAGES, rows)
    inside = RandomShift(pixels).apply(IMAGES, rows)
    for n, (down, right) in enumerate(np.floor(rows.astype("float64") * (2 * pixels + 1)).astype(int) - pixels):
        for i in range(6):
            for j in range(9):
                at_i, at_j = reflected(i - down, 6), reflected(j - right, 9)
                assert y[n, 1, i, j] == IMAGES[n, 1, at_i, at_j]
                assert inside[n, 1, i, j] in (0, y[n, 1, i, j])


def reflected(i, side):
    """Return the pixel that is seen at i: -1 is 1, and side is side - 2."""
    return 2 * (side - 1) - i if i >= side else abs(i)


def test_what_a_reflected_border_cannot_be():
    with pytest.raises(ValueError, match="RandomShift: border: expected one of zero, reflect, got 'reflct'; did you"):
        RandomShift(1, border="reflct")
    with pytest.raises(ValueError, match="RandomShift: expected images of more than 6 pixels, got 6"):
        RandomShift(6, border="reflect").apply(IMAGES, np.zeros((3, 2), np.float32))


def test_a_quarter_turn_is_anticlockwise():
    x = np.zeros((1, 3, 5, 5), np.float32)
    x[:, :, 0, 1], x[:, :, 2, 4] = 1, 2
    y = RandomRotation(90).apply(x, column(1))
    np.testing.assert_allclose(y, np.rot90(x, axes=(2, 3)), atol=1e-5)


def test_nothing_turned_enlarged_or_moved_is_the_image():
    for step in (RandomRotation(0), RandomScale(1, 1), RandomShift(0)):
        y = step.apply(IMAGES, step.draw(np.random.default_rng(2), 3))
        np.testing.assert_array_equal(y, IMAGES)
        assert not np.shares_memory(y, IMAGES)


def test_enlarging_and_the_outside():
    flat = np.ones((2, 3, 8, 8), np.float32)
    y = RandomScale(0.5, 2).apply(flat, column(0, ALMOST_ONE))
    np.testing.assert_allclose(y[1], 1, rtol=1e-6)  # enlarged: all from inside
    assert (y[0, :, 2:6, 2:6] == 1).all()  # reduced to the middle
    assert (y[0, :, 0] == 0).all()
    turned = RandomRotation(45).apply(flat, column(0, ALMOST_ONE))
    assert (turned[:, :, [0, 0, 7, 7], [0, 7, 0, 7]] == 0).all()
    assert (turned[:, :, 2:6, 2:6] == 1).all()


def test_an_image_of_one_pixel():
    x = np.full((1, 3, 1, 1), 7, np.float32)
    for step in (RandomRotation(30), RandomScale(0.5, 2)):
        np.testing.assert_array_equal(step.apply(x, step.draw(np.random.default_rng(0), 1)), x)
    assert RandomShift(3).apply(x, np.zeros((1, 2), np.float32)).sum() == 0


def test_shifts_are_equally_frequent():
    step, n = RandomShift(2), 5000
    x = np.zeros((n, 3, 5, 5), np.float32)
    x[:, :, 2, 2] = 1
    counts = step.apply(x, step.draw(np.random.default_rng(3), n))[:, 0].sum(axis=0)
    assert counts.sum() == n
    assert ((counts - n / 25) ** 2 / (n / 25)).sum() < 51.2  # chi-square of 24 degrees of freedom: one in a thousand


def test_angles_and_factors_are_uniform():
    """On a ramp, the pixel 10 to the right of the centre reads 10 * cos(angle), or 10 / factor."""
    rows = RandomRotation(20).draw(np.random.default_rng(4), 500)
    ramp = np.broadcast_to(np.arange(31, dtype=np.float32) - 15, (500, 3, 13, 31))
    angle, slope = (step.apply(ramp, rows)[:, 0, 6, 25] / 10 for step in (RandomRotation(20), RandomScale(0.8, 1.25)))
    angle = np.degrees(np.arccos(angle))
    assert 19.5 < angle.max() <= 20.1
    assert abs(angle.mean() - 10) < 1
    assert 0.8 <= slope.min() < 0.805
    assert 1.245 < slope.max() <= 1.2501
    assert abs((1 / slope).mean() - 1.025) < 0.02


@pytest.mark.parametrize(
    "step", [RandomRotation(30), RandomScale(0.7, 1.4), RandomShift(3), RandomShift(3, border="reflect")]
)
def test_the_protocol_of_every_step(step):
    rows = step.draw(np.random.default_rng(5), 3)
    before = IMAGES.copy()
    y = step.apply(IMAGES, rows)
    np.testing.assert_array_equal(IMAGES, before)
    assert y.dtype == np.float32
    assert y.shape == IMAGES.shape
    turned = step.apply(np.asfortranarray(IMAGES), rows)
    np.testing.assert_array_equal(turned, y)
    assert turned.flags.c_contiguous
    np.testing.assert_array_equal(np.concatenate([step.apply(IMAGES[i:][:1], rows[i:][:1]) for i in range(3)]), y)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RandomRotation(-1), "degrees: expected an angle from 0 to 180, got -1"),
        (lambda: RandomRotation(float("nan")), "degrees: expected"),
        (lambda: RandomScale(0, 1), "scale: expected factors 0 < low <= high, got 0 and 1"),
        (lambda: RandomScale(2, 1), "scale: expected"),
        (lambda: RandomScale(1, float("inf")), "scale: expected"),
        (lambda: RandomShift(-1), "RandomShift: expected pixels to be an integer >= 0, got -1"),
        (lambda: RandomShift(1.5), "RandomShift: expected pixels"),
    ],
)
def test_invalid_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()

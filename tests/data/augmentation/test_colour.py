"""Colour along the principal components: by hand, and by the covariance of what it adds."""

import numpy as np
import pytest

from minialex.data.augmentation import PCAColour

PIXELS = np.random.default_rng(0).multivariate_normal(
    [120, 110, 100], [[4500, 3600, 3400], [3600, 4100, 3600], [3400, 3600, 4400]], 1000
)
VALUES, VECTORS = np.linalg.eigh(np.cov(PIXELS.T))


def shifts(preset, n=40_000):
    """Return the shifts that are added to n grey images."""
    step = PCAColour(VALUES, VECTORS, preset=preset)
    return step.apply(np.zeros((n, 3, 1, 1), np.float32), step.draw(np.random.default_rng(1), n))[:, :, 0, 0]


def test_the_paper_s_formula_by_hand():
    values, vectors = [2550, 510, 255], np.array([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]])
    x = np.arange(12, dtype=np.float32).reshape(1, 3, 2, 2)
    y = PCAColour(values, vectors).apply(x, np.array([[0.1, -0.2, 0.3]], dtype=np.float32))
    # a * variance / 255 = (1, -0.4, 0.3): 1 * (0.6, 0.8, 0) - 0.4 * (-0.8, 0.6, 0) + 0.3 * (0, 0, 1)
    np.testing.assert_allclose(y - x, np.full((1, 3, 2, 2), [[[[0.92]], [[0.56]], [[0.3]]]]), atol=1e-5)


def test_the_source_s_formula_by_hand():
    values, vectors = [2500, 400, 100], np.array([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]])
    x = np.arange(12, dtype=np.float32).reshape(1, 3, 2, 2)
    y = PCAColour(values, vectors, preset="source").apply(x, np.array([[0.1, -0.2, 0.3]], dtype=np.float32))
    # a * deviation = (5, -4, 3): 5 * (0.6, 0.8, 0) - 4 * (-0.8, 0.6, 0) + 3 * (0, 0, 1) = (6.2, 1.6, 3)
    np.testing.assert_allclose(y, (x + np.array([6.2, 1.6, 3]).reshape(1, 3, 1, 1)) / 1.1, rtol=1e-6)


def test_the_formula_on_pixels_of_0_to_1_is_the_same():
    """Covariance, shift and all on x / 255, as the paper's must be meant; then back."""
    values, vectors = np.linalg.eigh(np.cov(PIXELS.T / 255))
    a = np.array([0.05, -0.1, 0.2])
    vectors = vectors * np.sign((vectors * VECTORS).sum(axis=0))  # the direction of a component is arbitrary
    shift = 255 * vectors @ (a * values)
    y = PCAColour(VALUES, VECTORS).apply(np.zeros((1, 3, 1, 1), np.float32), a[None].astype(np.float32))
    np.testing.assert_allclose(y[0, :, 0, 0], shift, rtol=1e-5)


@pytest.mark.parametrize(
    ("preset", "deviations"), [("paper", 0.1 * VALUES / 255), ("source", 0.1 * np.sqrt(VALUES) / 1.1)]
)
def test_the_covariance_of_the_shifts_is_the_formula_s(preset, deviations):
    got = shifts(preset)
    expected = VECTORS @ np.diag(deviations**2) @ VECTORS.T
    assert abs(got.mean(axis=0)).max() < 4 * np.sqrt(expected.max() / len(got))
    along = got @ VECTORS
    np.testing.assert_allclose(along.std(axis=0), deviations, rtol=0.02)
    np.testing.assert_allclose(np.corrcoef(along.T), np.eye(3), atol=4 / np.sqrt(len(got)))
    np.testing.assert_allclose(np.cov(got.T), expected, atol=0.03 * expected.max())


def test_the_shift_is_one_for_all_pixels_and_its_size_is_a_few_levels():
    step = PCAColour(VALUES, VECTORS)
    x = np.random.default_rng(2).standard_normal((3, 3, 5, 4), dtype=np.float32)
    added = step.apply(x, step.draw(np.random.default_rng(3), 3)) - x
    np.testing.assert_allclose(added, np.broadcast_to(added[:, :, :1, :1], added.shape), atol=1e-5)
    assert 2 < shifts("paper").std() < 4  # levels of 255: to be seen, and no more
    assert 5 < shifts("source").std() < 8


def test_the_source_shrinks_the_image():
    step = PCAColour(VALUES, VECTORS, preset="source")
    x = np.full((1, 3, 2, 2), 110, np.float32)
    np.testing.assert_allclose(step.apply(x, np.zeros((1, 3), np.float32)), 100, rtol=1e-6)


PRESETS = {preset: PCAColour(VALUES, VECTORS, preset=preset) for preset in ("paper", "source")}
PRESETS["image"] = PCAColour(preset="image")


@pytest.mark.parametrize("preset", PRESETS)
def test_the_protocol_of_every_step(preset):
    step = PRESETS[preset]
    x = np.random.default_rng(4).standard_normal((5, 3, 6, 7), dtype=np.float32)
    rows = step.draw(np.random.default_rng(5), 5)
    before = x.copy()
    y = step.apply(x, rows)
    np.testing.assert_array_equal(x, before)
    assert y.dtype == rows.dtype == np.float32
    assert step.apply(np.asfortranarray(x), rows).flags.c_contiguous
    np.testing.assert_array_equal(np.concatenate([step.apply(x[i : i + 1], rows[i : i + 1]) for i in range(5)]), y)
    assert step.output_size(31) == 31
    assert preset in repr(step)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eigenvalues": VALUES[:2]}, "eigenvalues: expected 3 variances"),
        ({"eigenvalues": [1, 2, -3]}, "eigenvalues: expected 3 variances"),
        ({"eigenvalues": [1, 2, np.nan]}, "eigenvalues: expected 3 variances"),
        ({"eigenvectors": 2 * VECTORS}, "eigenvectors: expected 3 orthogonal columns"),
        ({"eigenvectors": np.ones((3, 3))}, "eigenvectors: expected"),
        ({"eigenvectors": VECTORS[:2]}, "eigenvectors: expected"),
        ({"eigenvalues": None}, "eigenvalues: expected 3 variances"),
        ({"preset": "caffe"}, "preset: expected paper, source or image, got 'caffe'"),
        ({"preset": "image"}, "eigenvalues: expected none with preset image"),
    ],
)
def test_invalid_components(change, message):
    with pytest.raises(ValueError, match=message):
        PCAColour(**{"eigenvalues": VALUES, "eigenvectors": VECTORS} | change)


def by_the_tutorial(image, a):
    """Return the listing's result: normalize the channels, shift them along their components, and back."""
    pixels = image.reshape(3, -1).astype("float64")
    mean, deviation = pixels.mean(axis=1, keepdims=True), pixels.std(axis=1, keepdims=True)
    normalized = (pixels - mean) / deviation
    variances, P = np.linalg.eigh(np.cov(normalized, bias=True))
    return ((normalized + (P @ (a * variances))[:, None]) * deviation + mean).reshape(image.shape)


def test_the_tutorial_s_listing():
    rng = np.random.default_rng(6)
    x = rng.multivariate_normal([9, 0, -9], np.cov(PIXELS.T), (4, 5, 7)).transpose(0, 3, 1, 2).astype(np.float32)
    step = PCAColour(preset="image")
    rows = step.draw(rng, 4)
    for image, row, y in zip(x, rows, step.apply(x, rows), strict=True):
        np.testing.assert_allclose(y, by_the_tutorial(image, row), atol=1e-3)


def test_the_components_of_one_image_by_hand():
    """Red and green alternate together, by 4 and by 2; blue by 3, independent of them: variances 2, 1 and 0."""
    red, blue = np.array([4, -4, 4, -4]), np.array([3, 3, -3, -3])
    x = np.array([red + 10, red / 2, blue - 5], dtype=np.float32).reshape(1, 3, 2, 2)
    a = np.array([[0.0, 0.1, 0.2]], dtype=np.float32)  # in the order of `eigh`: variances 0, 1, 2
    added = (PCAColour(preset="image").apply(x, a) - x)[0, :, 0, 0]
    # along (1, 1, 0) / sqrt(2): 0.2 * 2 / sqrt(2) deviations of red and of green; along blue: 0.1 deviations
    np.testing.assert_allclose(np.abs(added), [0.4 / np.sqrt(2) * 4, 0.4 / np.sqrt(2) * 2, 0.1 * 3], rtol=1e-5)
    assert np.sign(added[0]) == np.sign(added[1])


def test_a_channel_without_contrast_keeps_its_values():
    x = np.random.default_rng(7).standard_normal((2, 3, 4, 4), dtype=np.float32)
    x[0, 1], x[1] = 5, 7
    y = PCAColour(preset="image").apply(x, np.ones((2, 3), np.float32))
    np.testing.assert_array_equal(y[0, 1], x[0, 1])
    np.testing.assert_array_equal(y[1], x[1])
    assert not np.array_equal(y[0, 0], x[0, 0])


def test_grey_images_have_components_too():
    """Two variances are 0 then, and rounding may leave them a little below."""
    step = PCAColour([-1e-12, 0, 9], np.eye(3), preset="source")
    assert np.isfinite(step.apply(np.ones((1, 3, 2, 2), np.float32), np.ones((1, 3), np.float32))).all()

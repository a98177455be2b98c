"""Sums over images and what follows from them."""

import numpy as np
import pytest

from minialex.data.pixel_statistics import no_sums, statistics, sums_of


def sums_in_parts(images, parts=3):
    total = no_sums(images.shape[-1])
    for some in np.array_split(images, parts):
        total = total + sums_of(some)
    return total


@pytest.mark.parametrize("size", [5, 100])  # 100 x 100 pixels are more than one block
def test_against_numpy_on_all_pixels(size):
    rng = np.random.default_rng(0)
    images = np.clip(rng.normal((((90,),), ((120,),), ((150,),)), 40, (20, 3, size, size)), 0, 255).astype(np.uint8)
    images[:, 1] //= 2
    images[:, 2] = (images[:, 2] // 3) + (images[:, 0] // 2)
    got = statistics(sums_in_parts(images))
    pixels = images.astype(np.float64).transpose(1, 0, 2, 3).reshape(3, -1)
    np.testing.assert_allclose(got["mean"], images.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(got["mean_rgb"], pixels.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(got["covariance"], np.cov(pixels, bias=True), rtol=1e-10, atol=1e-9)
    values, vectors = got["eigenvalues"], got["eigenvectors"]
    assert values[0] > values[1] > values[2] > 0
    np.testing.assert_allclose(vectors @ np.diag(values) @ vectors.T, got["covariance"], rtol=1e-9)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-12)
    assert (vectors[np.abs(vectors).argmax(axis=0), range(3)] > 0).all()


def test_the_same_in_any_parts():
    images = np.random.default_rng(0).integers(0, 256, (9, 3, 8, 8), dtype=np.uint8)
    one, many = sums_in_parts(images, 1), sums_in_parts(images, 9)
    assert one.count == many.count == 9
    np.testing.assert_array_equal(one.pixels, many.pixels)
    np.testing.assert_array_equal(one.products, many.products)


def test_integers_do_not_round():
    """White photographs: floats of 32 bits would stop counting at 2**24."""
    got = sums_of(np.full((2, 3, 256, 256), 255, dtype=np.uint8))
    assert (got.products == 2 * 256 * 256 * 255 * 255).all()
    assert (got.pixels == 510).all()


def test_sums_of_millions_of_images():
    """As many as ImageNet has, in which a covariance of nearly equal numbers must not drown."""
    image = np.full((1, 3, 256, 256), 200, dtype=np.uint8)
    image[:, :, :128] = 201
    one = sums_of(image)
    many = type(one)(one.count * 1_281_167, one.pixels * 1_281_167, one.products * 1_281_167)
    np.testing.assert_allclose(statistics(many)["covariance"], np.full((3, 3), 0.25), rtol=1e-12)


def test_one_colour_does_not_vary():
    got = statistics(sums_of(np.full((2, 3, 4, 4), 7, dtype=np.uint8)))
    np.testing.assert_array_equal(got["eigenvalues"], 0)
    np.testing.assert_allclose(got["eigenvectors"].T @ got["eigenvectors"], np.eye(3), atol=1e-12)

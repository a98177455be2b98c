"""The mean image, its subtraction, and resizing."""

import numpy as np
import pytest

from minialex.data import mean_image, preprocessing, resize, subtract_mean

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 3, 4, 5), dtype=np.uint8)


@pytest.mark.parametrize("values", [1, 120, 10**9])
def test_mean_image_in_slices_of_any_length(values, monkeypatch):
    monkeypatch.setattr(preprocessing, "SLICE", values)
    mean = mean_image(IMAGES)
    assert mean.dtype == np.float32
    np.testing.assert_allclose(mean, IMAGES.mean(axis=0), rtol=1e-6)


def test_mean_image_reads_a_memory_map(tmp_path):
    np.save(tmp_path / "images.npy", IMAGES)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    np.testing.assert_array_equal(mean_image(mapped), mean_image(IMAGES))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_subtract_mean(dtype):
    mean = mean_image(IMAGES)
    x = subtract_mean(IMAGES, mean, dtype)
    assert x.dtype == dtype
    np.testing.assert_allclose(x, IMAGES.astype("float64") - mean, atol=1e-4)
    assert np.abs(x).max() > 50  # not divided by a deviation


def test_the_mean_must_fit():
    with pytest.raises(ValueError, match="mean: expected"):
        subtract_mean(IMAGES, np.zeros((3, 5, 4), np.float32))


@pytest.mark.parametrize("function", [mean_image, lambda images: resize(images, 4)])
@pytest.mark.parametrize("images", [IMAGES[:0], IMAGES[0]])
def test_no_batch_of_images(function, images):
    with pytest.raises(ValueError, match="images: expected"):
        function(images)


def test_resize():
    flat = np.full((2, 3, 8, 8), [[[[10]], [[200]], [[30]]]] * 2, dtype=np.uint8)
    np.testing.assert_array_equal(resize(flat, 5), flat[:, :, :5, :5])
    assert resize(flat, 8) is flat

"""The mean image, its subtraction, and resizing."""

import numpy as np
import pytest

from minialex.data import channel_statistics, mean_image, preprocessing, resize, subtract_mean

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 3, 4, 5), dtype=np.uint8)


@pytest.mark.parametrize("values", [1, 120, 10**9])
def test_mean_image_in_slices_of_any_length(values, monkeypatch):
    monkeypatch.setattr(preprocessing, "SLICE", values)
    mean = mean_image(IMAGES)
    assert mean.dtype == np.float32
    np.testing.assert_allclose(mean, IMAGES.mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_mean_and_statistics_of_any_channels_and_kind(channels, dtype, monkeypatch):
    monkeypatch.setattr(preprocessing, "SLICE", 50)
    images = np.random.default_rng(1).integers(0, 256, (9, channels, 4, 5)).astype(dtype)
    np.testing.assert_array_equal(mean_image(images), images.mean(axis=0, dtype="float64").astype("float32"))
    mean, std = channel_statistics(images)
    assert mean.shape == std.shape == (channels, 1, 1)
    np.testing.assert_allclose(std.ravel(), images.std(axis=(0, 2, 3), dtype="float64"), rtol=1e-5)


def test_means_of_floats_are_summed_in_float64():
    images = np.full((3000, 1, 1, 1), 0.1, "float32")
    images[0] = 1e6
    assert mean_image(images)[0, 0, 0] == np.float32((1e6 + 2999 * float(np.float32(0.1))) / 3000)


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

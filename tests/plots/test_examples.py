"""A few images with their names."""

import numpy as np
import pytest

from minialex.plots import examples

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 3, 8, 8), dtype=np.uint8)


def test_images_are_in_order_and_have_their_names():
    figure = examples(IMAGES, list("abcde"), columns=3)
    for image, name, axes in zip(IMAGES, "abcde", figure.axes, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), image.transpose(1, 2, 0))
        assert axes.get_title(loc="left") == name
    figure.canvas.draw()
    corners = [axes.get_position().p0 for axes in figure.axes]
    assert corners[0][1] == corners[2][1] > corners[3][1]
    assert corners[0][0] == corners[3][0] < corners[1][0]


def test_floats_are_clipped_and_one_channel_is_grey():
    (axes,) = examples(np.array([[[[-5.0, 300.0]]]])).axes
    np.testing.assert_array_equal(axes.images[0].get_array(), [[[0, 0, 0], [255, 255, 255]]])


@pytest.mark.parametrize(
    ("images", "names", "message"),
    [
        (IMAGES[:0], (), r"expected 1 to 60 images \(N, 3, H, W\), got \(0, 3, 8, 8\)"),
        (IMAGES[0], (), r"got \(3, 8, 8\)"),
        (IMAGES[:, :2], (), r"got \(5, 2, 8, 8\)"),
        (IMAGES, ["a"], "expected 5 names, one an image, got 1"),
    ],
)
def test_input_that_cannot_be_drawn_is_refused(images, names, message):
    with pytest.raises(ValueError, match=message):
        examples(images, names)

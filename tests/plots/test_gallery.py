"""Images in a grid."""

import numpy as np
import pytest

from minialex.plots import gallery

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 3, 8, 8), dtype=np.uint8)


def test_images_are_in_order_with_their_captions():
    figure = gallery(IMAGES, ["a", "b", "c", "d\nsecond line", "e"], columns=2)
    assert len(figure.axes) == 5
    for axes, image, caption in zip(figure.axes, IMAGES, "abcde", strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), image.transpose(1, 2, 0))
        assert axes.texts[0].get_text()[0] == caption
    left, top = zip(*((round(axes.bbox.x0), -round(axes.bbox.y1)) for axes in figure.axes), strict=True)
    assert len(set(left)) == 2
    assert list(top) == sorted(top)
    assert figure.alt == "Images: a; b; c; d\nsecond line; e"


def test_captions_stay_above_their_image_and_below_the_one_above():
    figure = gallery(IMAGES, ["a very long caption that has no room\nand a second line"] * 5, columns=2, side=60)
    figure.canvas.draw()
    boxes = [axes.texts[0].get_window_extent() for axes in figure.axes]
    for box, axes in zip(boxes, figure.axes, strict=True):
        assert box.y0 >= axes.bbox.y1
        assert box.x1 <= axes.bbox.x1 + 10
    assert boxes[2].y1 < figure.axes[0].bbox.y0


def test_one_channel_is_grey_on_the_scale_of_all():
    (axes,) = gallery(IMAGES[:1, :1] // 4).axes
    assert axes.images[0].get_clim() == (0, 255)
    assert axes.images[0].get_cmap().name == "gray"


@pytest.mark.parametrize(("images", "captions", "message"), [
    (IMAGES.astype(float), (), "uint8 images"),
    (IMAGES[0], (), "uint8 images"),
    (IMAGES[:0], (), "uint8 images"),
    (IMAGES, ["a"], "a caption for each of 5 images, got 1"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(images, captions, message):
    with pytest.raises(ValueError, match=message):
        gallery(images, captions)

"""Occlusion maps."""

import numpy as np
import pytest

from minialex.plots import occlusion

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 3, 8, 8), dtype=np.uint8)
MAPS = np.linspace(0.1, 0.9, 18).reshape(2, 3, 3)


def test_each_image_is_above_its_map_and_all_maps_have_one_scale():
    figure = occlusion(IMAGES, MAPS, ["a", "b"], title="covered")
    first, first_map, second, second_map, bar = figure.axes
    np.testing.assert_array_equal(second.images[0].get_array(), IMAGES[1].transpose(1, 2, 0))
    for axes, values in ((first_map, MAPS[0]), (second_map, MAPS[1])):
        np.testing.assert_array_equal(axes.images[0].get_array(), values)
        assert axes.images[0].get_clim() == (0, 0.9)
    assert first.bbox.x0 == first_map.bbox.x0
    assert first.bbox.y0 > first_map.bbox.y1
    assert bar.get_ylabel() == "probability of its class"
    assert figure.alt == "covered: 2 images and maps of the probability of its class; lowest values 0.10, 0.52"


def test_the_scale_has_its_name_inside_the_picture():
    figure = occlusion(IMAGES[:1, :1], MAPS[:1], scale="logit")
    figure.canvas.draw()
    assert figure.axes[-1].yaxis.label.get_window_extent().x1 <= figure.bbox.x1


@pytest.mark.parametrize(("images", "maps", "captions", "message"), [
    (IMAGES.astype(float), MAPS, (), "uint8 images"),
    (IMAGES, MAPS[0], (), r"maps \(2, h, w\)"),
    (IMAGES, MAPS[:1], (), r"maps \(2, h, w\)"),
    (IMAGES, MAPS / np.where(MAPS > 0.5, 1, np.nan), (), "finite"),
    (IMAGES, MAPS, ("a",), "2 captions, or none, got 1"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(images, maps, captions, message):
    with pytest.raises(ValueError, match=message):
        occlusion(images, maps, captions)

"""Points of a plane, and the class that is predicted around them."""

import numpy as np
import pytest

from minialex.plots import regions

POINTS, LABELS = np.array([[-0.5, -0.5], [0.5, 0.5], [0.6, 0.4]]), np.array([0, 2, 2])
GRID = np.array([[0, 1], [1, 2]])


def test_each_panel_has_the_grid_with_the_first_row_below_and_the_points_of_each_class():
    figure = regions({"before": GRID, "after": GRID.T}, POINTS, LABELS)
    for axes, name in zip(figure.axes, ("before", "after"), strict=True):
        assert axes.get_title(loc="left") == name
        (image,) = axes.images
        np.testing.assert_array_equal(image.get_array(), GRID)
        assert list(image.get_extent()) == [-1, 1, -1, 1]
        assert image.origin == "lower"
        zero, one, two = axes.lines
        np.testing.assert_array_equal(zero.get_xydata(), POINTS[:1])
        np.testing.assert_array_equal(two.get_xydata(), POINTS[1:])
        assert not len(one.get_xydata())
        assert len({line.get_marker() for line in axes.lines}) == 3  # not by colour alone


def test_colours_of_points_and_of_their_region_belong_together():
    figure = regions({"one": GRID}, POINTS, LABELS)
    colours = figure.axes[0].images[0].cmap(figure.axes[0].images[0].norm(GRID))
    blue, green = colours[0, 0], colours[1, 1]
    assert blue.argmax() in (2, 3)
    assert blue[2] > blue[0]
    assert green[1] > green[0]


@pytest.mark.parametrize(
    ("panels", "points", "labels", "message"),
    [
        ({}, POINTS, LABELS, "expected a panel, points"),
        ({"a": GRID}, POINTS[:2], LABELS, "expected a panel, points"),
        ({"a": GRID + 3}, POINTS, LABELS, "expected at most 4 classes, got 6"),
    ],
)
def test_input_that_cannot_be_drawn_is_refused(panels, points, labels, message):
    with pytest.raises(ValueError, match=message):
        regions(panels, points, labels)

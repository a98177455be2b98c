"""The loss over two weights, and paths in it."""

import numpy as np
import pytest

from minialex.plots import valley

PATH = np.array([[-2.0, 1.0], [-1.0, -0.5], [9.0, 0.2]])


def bowl(w1, w2):
    return 0.5 * (w1 - 1) ** 2 + 5 * w2**2


def test_each_panel_has_the_contours_the_path_and_the_minimum():
    figure = valley(bowl, {"one": PATH, "two": PATH[:1]}, across=(-3, 3), down=(-2, 2))
    for axes, path, name in zip(figure.axes, (PATH, PATH[:1]), ("one", "two"), strict=True):
        steps, start, lowest = axes.lines
        np.testing.assert_array_equal(steps.get_xydata(), path)
        np.testing.assert_array_equal(start.get_xydata()[0], [-2, 1])
        np.testing.assert_allclose(lowest.get_xydata()[0], [1, 0], atol=0.03)
        assert axes.get_title(loc="left") == name
        assert (axes.get_xlim(), axes.get_ylim()) == ((-3, 3), (-2, 2))  # a step outside does not change the map
        assert len(axes.collections)


def test_contours_are_lines_of_equal_loss():
    (contours,) = valley(bowl, {"one": PATH}, across=(-3, 3), down=(-2, 2)).axes[0].collections
    lines = [line for path in contours.get_paths() for line in path.to_polygons(closed_only=False)]
    assert len(lines) > 5
    assert all(np.ptp(bowl(*line.T)) < 0.05 for line in lines)


@pytest.mark.parametrize("paths", [{}, {"a": np.zeros(4)}, {"a": np.zeros((4, 3))}])
def test_what_is_no_path_is_refused(paths):
    with pytest.raises(ValueError, match=r"expected paths \(steps, 2\)"):
        valley(bowl, paths, across=(-1, 1), down=(-1, 1))

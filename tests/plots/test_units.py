"""The picture of units and their derivatives."""

import numpy as np
import pytest

from minialex.plots import units

X = np.linspace(-4, 4, 81)


def test_each_panel_has_output_and_derivative_and_grey_where_it_is_flat():
    figure = units({"tanh": (X, np.tanh(X), 1 - np.tanh(X) ** 2), "ReLU": (X, np.maximum(X, 0), (X > 0) * 1.0)})
    tanh, relu = figure.axes
    slope, output = tanh.get_lines()
    np.testing.assert_allclose(output.get_ydata(), np.tanh(X))
    np.testing.assert_allclose(slope.get_ydata(), 1 - np.tanh(X) ** 2)
    assert tanh.get_title(loc="left") == "tanh"
    left = [path.get_extents() for path in tanh.collections[0].get_paths()]
    assert [round(float(edge), 1) for area in left for edge in (area.x0, area.x1)] == [-4.0, -1.9, 1.9, 4.0]
    (flat,) = [path.get_extents() for path in relu.collections[0].get_paths()]
    assert (flat.x0, round(flat.x1, 6)) == (-4, 0)
    assert relu.get_ylim()[1] < 3.5  # ReLU has no end


def test_the_legend_is_apart_from_the_titles():
    figure = units(dict.fromkeys(("a", "b", "c"), (X, X, X)))
    figure.canvas.draw()
    legend = figure.axes[-1].get_legend().get_window_extent()
    assert not any(legend.overlaps(axes._left_title.get_window_extent()) for axes in figure.axes)


@pytest.mark.parametrize("curves", [{}, {"a": (X, X, X[1:])}, {"a": ([], [], [])}])
def test_input_that_cannot_be_drawn_is_refused(curves):
    with pytest.raises(ValueError, match="as many y and derivatives as x"):
        units(curves)

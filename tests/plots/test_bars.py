"""A few values as bars."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from minialex.plots import bars
from minialex.plots.style import BLUE, ORANGE


def test_bars_are_the_values_with_their_numbers_and_one_is_marked():
    figure = bars({"p": [0.25, 0.75], "dz": np.array([0.25, -0.25])}, ["cat", "dog"], mark=1)
    p, dz = figure.axes
    assert [bar.get_height() for bar in p.patches] == [0.25, 0.75]
    assert [bar.get_height() for bar in dz.patches] == [0.25, -0.25]
    assert [text.get_text() for text in dz.texts] == ["0.25", "-0.25"]
    assert [label.get_text() for label in p.get_xticklabels()] == ["cat", "dog"]
    assert [same_color(bar.get_facecolor(), colour) for bar, colour in zip(p.patches, (BLUE, ORANGE), strict=True)]
    assert (p.get_title(loc="left"), dz.get_title(loc="left")) == ("p", "dz")


def test_all_bars_and_numbers_are_inside_their_panel():
    figure = bars({"mixed": [3.0, -1.0, 0.0], "negative": [-1.0, -2.0, -3.0]}, ["a", "b", "c"])
    figure.canvas.draw()
    for axes in figure.axes:
        low, high = axes.get_ylim()
        assert all(low < bar.get_y() + bar.get_height() < high or bar.get_height() == 0 for bar in axes.patches)
        edges = [text.get_window_extent() for text in axes.texts]
        assert all(axes.bbox.y0 - 1 <= edge.y0 and edge.y1 <= axes.bbox.y1 + 1 for edge in edges)


@pytest.mark.parametrize("panels", [{"a": [1.0, 2.0]}, {"a": [1.0, float("nan"), 2.0]}])
def test_other_values_than_names_are_refused(panels):
    with pytest.raises(ValueError, match=r"bars: expected 3 finite values, one a name, got a: .*; check their shape"):
        bars(panels, ["a", "b", "c"])


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="expected a panel and a bar at least"):
        bars({}, ["a"])

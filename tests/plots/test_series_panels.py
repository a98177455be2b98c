"""Curves in several panels."""

import pytest

from minialex.plots import series_panels


def test_a_name_looks_the_same_in_each_panel_and_the_axis_is_shared():
    one, two = {"tanh": ([1, 2], [1e-3, 1e-5]), "ReLU": ([1, 2], [1, 10])}, {"ReLU": ([1, 2, 3], [1e6, 1, 2])}
    figure = series_panels({"small": one, "large": two}, x="Layer", y="Gradient")
    left, right = figure.axes
    assert (left.get_title(), right.get_title()) == ("small", "large")
    assert left.get_lines()[1].get_color() == right.get_lines()[0].get_color() != left.get_lines()[0].get_color()
    assert left.get_ylim() == right.get_ylim()
    assert left.get_ylim()[0] < 1e-5
    assert right.get_ylim()[1] > 1e6
    assert left.get_yscale() == right.get_yscale() == "log"
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["tanh", "ReLU"]


@pytest.mark.parametrize("panels", [{}, {"a": {"b": ([1, 2], [1])}}, {"a": {"b": ([], [])}}])
def test_curves_that_cannot_be_drawn_are_refused(panels):
    with pytest.raises(ValueError, match="as many x as y"):
        series_panels(panels, x="x", y="y")

"""Shares by layer."""

import pytest
from matplotlib.colors import same_color

from minialex.plots import shares
from minialex.plots.style import ORANGE

TWO = {"Parameters": {"conv1": 1, "fc2": 3}, "Multiply-adds": {"conv1": 9000, "fc2": 0}}


def test_bars_are_the_shares_with_the_values_beside_them():
    figure = shares(TWO, title="a net")
    parameters, work = figure.axes
    assert [bar.get_width() for bar in parameters.patches] == [0.25, 0.75]
    assert [bar.get_width() for bar in work.patches] == [1, 0]
    assert [text.get_text() for text in parameters.texts] == ["25.0 %   1", "75.0 %   3"]
    assert [text.get_text() for text in work.texts] == ["100.0 %   9,000", "0"]
    assert [label.get_text() for label in parameters.get_yticklabels()] == ["conv1", "fc2"]
    assert parameters.get_title(loc="left") == "Parameters"
    assert figure.alt.startswith("a net: Parameters, conv1 25.0 %, fc2 75.0 %; Multiply-adds, conv1 100.0 %")


def test_marked_layers_are_orange_and_hatched():
    for bar, marked in zip(shares(TWO, marked="fc").axes[0].patches, (False, True), strict=True):
        assert (bar.get_hatch() is not None) == marked
        assert same_color(bar.get_facecolor()[:3], ORANGE) == marked
    assert not any(bar.get_hatch() for bar in shares(TWO).axes[0].patches)


def test_values_have_room():
    figure = shares({"Multiply-adds": {"conv1": 223_948_800, "conv2": 105_415_200}} | {"P": {"conv1": 1, "conv2": 1}})
    figure.canvas.draw()
    first, second = figure.axes
    assert max(text.get_window_extent().x1 for text in first.texts) < second.bbox.x0


@pytest.mark.parametrize(("quantities", "message"), [
    ({}, "one quantity or more"),
    ({"a": {"x": 1}, "b": {"y": 1}}, "of the same layers"),
    ({"a": {"x": 0, "y": 0}}, "not 0 everywhere"),
    ({"a": {"x": 1, "y": -1}}, "a >= 0"),
    ({"a": {}}, "a >= 0"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(quantities, message):
    with pytest.raises(ValueError, match=message):
        shares(quantities)

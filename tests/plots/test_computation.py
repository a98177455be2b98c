"""A computation as a graph."""

import pytest

from minialex.plots import computation

NODES = {"w": (0, 0, 3.0, -12.0), "x": (0, 1, 2.0, -18.0), "p = w * x": (1, 0, 6.0, -6.0)}
ARROWS = [("w", "p = w * x"), ("x", "p = w * x")]


def test_value_above_and_gradient_below_each_variable():
    (axes,) = computation(NODES, ARROWS).axes
    texts = {text.get_text(): text.get_position() for text in axes.texts if text.get_text()}
    for name, value, gradient in (("w", "3", "-12"), ("x", "2", "-18"), ("p = w * x", "6", "-6")):
        assert texts[value][1] < texts[name][1] < texts[gradient][1]  # y grows downwards
        assert texts[value][0] == texts[name][0] == texts[gradient][0]
    assert texts["w"][0] < texts["p = w * x"][0]
    assert texts["w"][1] < texts["x"][1]


def test_arrows_go_from_the_right_of_a_box_to_the_left_of_another():
    (axes,) = computation(NODES, ARROWS).axes
    arrows = [text for text in axes.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 2
    places = {text.get_text(): text.get_position() for text in axes.texts}
    for arrow in arrows:
        assert places["w"][0] < arrow.xyann[0] < arrow.xy[0] < places["p = w * x"][0]


@pytest.mark.parametrize(("nodes", "arrows"), [({}, []), (NODES, [("w", "y")])])
def test_arrows_between_strangers_are_refused(nodes, arrows):
    with pytest.raises(ValueError, match="expected arrows between its variables"):
        computation(nodes, arrows)

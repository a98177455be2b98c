"""Errors of several nets by seed, and several curves."""

import numpy as np
import pytest

from minialex.plots import comparison, series

ERRORS = {"usual": ([1.0, 3.0], [50.0, 54.0]), "a changed net": ([2.0], [np.float64(49)])}


def test_a_dot_for_each_seed_and_a_bar_at_the_mean():
    train, val = comparison(ERRORS).axes
    dots, bar, *_ = val.get_lines()
    assert (dots.get_xdata().tolist(), dots.get_ydata().tolist()) == ([50.0, 54.0], [0, 0])
    assert bar.get_xdata().tolist() == [52.0, 52.0]
    assert [label.get_text() for label in train.get_yticklabels()] == ["usual", "a changed net"]
    assert val.get_lines()[-1].get_xdata() == [52.0, 52.0]  # the first net's mean, through all rows


def test_an_error_of_zero_has_no_axis_of_thousandths():
    train, _ = comparison({"learned by heart": ([0.0, 0.0], [50.0, 54.0])}).axes
    assert train.get_xlim() == (-0.05, 1)


@pytest.mark.parametrize(
    ("errors", "message"), [({}, "one net at least"), ({"a": ([], [])}, "one seed"), ({"a": ([1], [np.nan])}, "finite")]
)
def test_errors_that_cannot_be_drawn_are_refused(errors, message):
    with pytest.raises(ValueError, match=message):
        comparison(errors)


def test_each_curve_has_its_name_and_no_two_look_alike():
    lines = {f"curve {i}": ([0, 1], [i, i + 1]) for i in range(9)}
    (axes,) = series(lines, x="Epoch", y="Error (%)", level=3).axes
    drawn = axes.get_lines()[:9]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(lines)
    assert len({(line.get_color(), line.get_linestyle()) for line in drawn}) == 9
    assert axes.get_ylim()[0] == 0
    with pytest.raises(ValueError, match="as many x as y"):
        series({"a": ([1, 2], [1])}, x="x", y="y")


def test_the_highest_curve_has_room_and_epochs_are_integers():
    (axes,) = series({"flat": ([1, 2], [50, 50]), "nan": ([1, 2], [np.nan, 40])}, x="Epoch", y="Error (%)").axes
    assert axes.get_ylim() == (0, pytest.approx(54))
    assert all(tick == round(tick) for tick in axes.get_xticks())
    (zeros,) = series({"zeros": ([0, 0.5], [0, 0])}, x="x", y="y").axes
    assert zeros.get_ylim() == (0, 1)
    assert not all(tick == round(tick) for tick in zeros.get_xticks())


def test_axes_are_logarithmic_on_request():
    lines = {"a": ([1e-3, 1.0], [1e-5, 2.0])}
    for log in ("", "x", "y", "xy"):
        (axes,) = series(lines, x="x", y="y", log=log).axes
        assert axes.get_xscale() == ("log" if "x" in log else "linear")
        assert axes.get_yscale() == ("log" if "y" in log else "linear")
    assert axes.get_ylim()[0] < 1e-5
    with pytest.raises(ValueError, match="expected log to be"):
        series(lines, x="x", y="y", log="z")

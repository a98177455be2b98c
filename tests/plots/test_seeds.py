"""One quantity of several nets by seed."""

import numpy as np
import pytest

from minialex.plots import seeds

SECONDS = {"2012": [6.0, 9.0], "batch normalization": [2.0]}


def test_a_dot_for_each_seed_a_bar_at_the_mean_and_an_axis_from_0():
    figure = seeds(SECONDS, x="seconds")
    (axes,) = figure.axes
    dots, bar, *_ = axes.get_lines()
    assert (dots.get_xdata().tolist(), dots.get_ydata().tolist()) == ([6.0, 9.0], [0, 0])
    assert bar.get_xdata().tolist() == [7.5, 7.5]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(SECONDS)
    assert axes.get_xlim() == (0, pytest.approx(9.45))
    assert "2012 7.5, batch normalization 2" in figure.alt


def test_values_of_zero_have_an_axis():
    (axes,) = seeds({"all right": [0.0, 0.0]}, x="errors").axes
    assert axes.get_xlim() == (0, 1)


@pytest.mark.parametrize("values", [{}, {"a": []}, {"a": [1, np.nan]}, {"a": [-1]}])
def test_values_that_cannot_be_drawn_are_refused(values):
    with pytest.raises(ValueError, match="seeds: expected one net at least"):
        seeds(values, x="seconds")

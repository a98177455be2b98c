"""The picture of the signal through the layers."""

import numpy as np
import pytest

from minialex.plots import signal

RUNS = {"one": {"images": 60.0, "conv1": 3.0, "fc2": 1e-4}, "two": {"images": 60.0, "conv1": 2.0, "fc2": 1.1e-4}}


def test_each_line_is_the_run_and_ends_with_its_name_and_value():
    figure = signal(RUNS)
    (axes,) = figure.axes
    assert axes.get_yscale() == "log"
    for line, run in zip(axes.get_lines(), RUNS.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), list(run.values()))
    assert [text.get_text() for text in axes.texts] == ["one, 1.0e-04", "two, 1.1e-04"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["images", "conv1", "fc2"]


def test_names_do_not_overlap():
    figure = signal(RUNS)
    figure.canvas.draw()
    one, two = (text.get_window_extent() for text in figure.axes[0].texts)
    assert not one.overlaps(two)


@pytest.mark.parametrize(("runs", "message"), [
    ({}, "1 to 6 nets, not 0"),
    ({"a": {"x": 1.0, "y": 1.0}, "b": {"x": 1.0, "z": 1.0}}, "the same layers"),
    ({"a": {"x": 1.0, "y": 0.0}}, "above 0"),
    ({"a": {"x": 1.0, "y": np.nan}}, "finite"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(runs, message):
    with pytest.raises(ValueError, match=message):
        signal(runs)

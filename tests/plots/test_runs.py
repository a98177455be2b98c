"""Several runs compared."""

import numpy as np
import pytest

from minialex.plots import runs


def history(errors, seconds=2.0):
    return [{"epoch": i, "train_loss": 2 * e, "val_error": e, "seconds": seconds} for i, e in enumerate(errors, 1)]


TWO = {"old": [history([0.9, 0.5]), history([0.7, 0.3])], "new": [history([0.4, 0.1], seconds=1.0)]}


def lines(axes, label):
    return [line for line in axes.get_lines() if line.get_label() == label]


def test_the_thick_line_is_the_mean_of_the_seeds():
    loss, error = runs(TWO).axes
    (old,) = lines(error, "old")
    np.testing.assert_allclose(old.get_ydata(), [80, 40])
    np.testing.assert_allclose(old.get_xdata(), [1, 2])
    np.testing.assert_allclose(lines(loss, "old")[0].get_ydata(), [1.6, 0.8])
    assert len(error.get_lines()) == 2 + 1 + 1  # two seeds and their mean; one seed alone has no thin line
    assert [text.get_text() for text in error.get_legend().get_texts()] == ["old", "new"]


def test_runs_differ_in_style_too():
    error = runs(TWO).axes[1]
    assert lines(error, "old")[0].get_linestyle() != lines(error, "new")[0].get_linestyle()


def test_seconds_are_added_up():
    error = runs(TWO, x="seconds", level=20).axes[1]
    np.testing.assert_allclose(lines(error, "old")[0].get_xdata(), [2, 4])
    np.testing.assert_allclose(lines(error, "new")[0].get_xdata(), [1, 2])
    assert error.get_xlabel() == "Seconds"
    assert [line.get_ydata()[0] for line in error.get_lines() if line.get_linestyle() == ":"] == [20]


def test_the_text_has_the_errors_at_the_end():
    assert runs(TWO, title="a race").alt.endswith("errors at the end: old 40.0 %, new 10.0 %")


@pytest.mark.parametrize(("histories", "settings", "message"), [
    ({}, {}, "one run at least"),
    ({"a": []}, {}, "in each seed of a, got no seed"),
    ({"a": [[]]}, {}, "in each seed of a"),
    ({"a": [history([0.1]), history([0.1, 0.2])]}, {}, r"in each seed of a, got \[1, 2\]"),
    (TWO, {"x": "steps"}, "x"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(histories, settings, message):
    with pytest.raises(ValueError, match=message):
        runs(histories, **settings)

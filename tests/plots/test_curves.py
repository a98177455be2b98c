"""Learning curves."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from minialex.plots import curves, save
from minialex.plots.style import BLUE, ORANGE
from minialex.training.history import COLUMNS


def make_history(epochs, divided_after=()):
    """Return a run whose rate is divided by 10 after the given epochs; all its values differ."""
    rows = []
    for epoch in range(1, epochs + 1):
        lr = 0.01 / 10 ** sum(epoch > end for end in divided_after)
        values = [0.9 / epoch, 0.5 / epoch, 1.1 / epoch, 0.6 / epoch, 0.1 / epoch, 100.0, 3.0]
        rows.append(dict(zip(COLUMNS, [epoch, lr, *values], strict=True)))
    return rows


def line(axes, label):
    return next(line for line in axes.lines if line.get_label() == label)


def vertical_lines(axes):
    return [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) < len(line.get_xdata())]


@pytest.mark.parametrize("epochs", [1, 2, 90])
def test_curves_show_the_values_of_the_history(epochs):
    history = make_history(epochs)
    loss, error = curves(history).axes
    for axes, what, unit in ((loss, "loss", 1), (error, "error", 100)):
        for name, part, colour in (("training", "train", BLUE), ("validation", "val", ORANGE)):
            np.testing.assert_array_equal(line(axes, name).get_xdata(), range(1, epochs + 1))
            expected = [row[f"{part}_{what}"] * unit for row in history]
            np.testing.assert_allclose(line(axes, name).get_ydata(), expected)
            assert same_color(line(axes, name).get_color(), colour)
            assert axes.get_ylim()[0] == 0
            assert axes.get_ylim()[1] > max(expected)
    assert "%" in error.get_title("left")


def test_divisions_of_the_rate_are_marked_with_the_new_rate():
    for axes in curves(make_history(90, (25, 51, 79))).axes:
        assert vertical_lines(axes) == [25, 51, 79]
        labels = [text.get_text() for text in axes.texts if text.get_text().startswith("lr")]
        assert labels == ["lr 0.001", "lr 0.0001", "lr 1e-05"]


def test_labels_of_divisions_neither_touch_each_other_nor_the_curves():
    figure = curves(make_history(90, (1, 2, 40, 41)))  # the labels of the second and fourth would overlap
    figure.canvas.draw()
    for axes in figure.axes:
        labels = [text for text in axes.texts if text.get_text().startswith("lr")]
        assert len(labels) == 2
        assert len(vertical_lines(axes)) == 4
        bottom = min(label.get_window_extent().y0 for label in labels)
        highest = max(line(axes, name).get_ydata().max() for name in ("training", "validation"))
        assert axes.transData.transform((1, highest))[1] < bottom


def test_a_constant_or_growing_rate_is_not_a_division():
    history = make_history(5)
    history[3]["lr"] = history[4]["lr"] = 0.02
    assert vertical_lines(curves(history).axes[0]) == []


def test_the_last_and_the_best_validation_error_are_written():
    history = make_history(3)
    for row, error in zip(history, (0.5, 0.25, 0.3), strict=True):
        row["val_error"] = error
    texts = [text.get_text() for text in curves(history).axes[1].texts]
    assert texts == ["last 30.0 %\nbest 25.0 %\n(epoch 2)"]


def test_epochs_without_validation_are_left_out_of_the_curve():
    history = make_history(4)
    for row in (history[0], history[3]):
        row["val_loss"] = row["val_error"] = float("nan")
    error = curves(history).axes[1]
    assert list(line(error, "validation").get_xdata()) == [2, 3]
    assert error.texts[0].get_text().startswith("last 20.0 %")
    for row in history:
        row["val_loss"] = row["val_error"] = float("nan")
    assert not curves(history).axes[1].texts


def test_a_diverged_loss_can_be_drawn(tmp_path):
    history = make_history(3)
    history[2]["train_loss"], history[2]["val_loss"] = float("inf"), float("nan")
    save(curves(history), tmp_path / "curves.png")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda history: history.clear(), "history is empty"),
        (lambda history: history[1].pop("lr"), "lacks lr"),
        (lambda history: history[1].update(val_error=41.3), "val_error must be a fraction.*not 41.3"),
    ],
)
def test_a_history_that_cannot_be_drawn_is_refused(change, message):
    history = make_history(2)
    change(history)
    with pytest.raises(ValueError, match=message):
        curves(history)


def dotted(axes):
    return [line.get_ydata()[0] for line in axes.lines if line.get_linestyle() == ":"]


def test_chance_level_is_marked_where_the_curves_are_near_it():
    history = make_history(3)
    for row in history:
        row.update(train_loss=2.3, val_loss=2.2, train_error=0.9, val_error=0.85)
    loss, error = curves(history, classes=10).axes
    assert dotted(loss) == pytest.approx([np.log(10)])
    assert dotted(error) == pytest.approx([90])
    for axes in (loss, error):
        assert axes.get_ylim()[1] > dotted(axes)[0]
        assert "chance level" in [text.get_text() for text in axes.texts]
    assert not any(dotted(axes) for axes in curves(history).axes)
    for row in history:
        row.update(train_loss=0.1, val_loss=0.1, train_error=0.02, val_error=0.03)
    assert not any(dotted(axes) for axes in curves(history, classes=10).axes)


def test_the_title_is_above_the_panels():
    figure = curves(make_history(2), title="a net on $x$_y, validation error 3.0%")
    figure.canvas.draw()
    (title,) = figure.texts
    assert title.get_text() == "a net on $x$_y, validation error 3.0%"
    assert title.get_window_extent().y0 > max(axes.title.get_window_extent().y1 for axes in figure.axes)
    assert not curves(make_history(2)).texts
    (short,) = curves(make_history(2), title="name " * 100).texts
    assert short.get_window_extent().x1 < figure.bbox.x1

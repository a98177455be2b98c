"""The confusion matrix."""

from itertools import pairwise

import numpy as np
import pytest

from minialex.plots import confusion
from minialex.plots.style import SMALL

NAMES = ["cat", "dog", "frog"]
MATRIX = np.array([[8, 2, 0], [1, 6, 3], [0, 0, 0]])


def written(axes):
    """Return the text in the cells, {(row, column): text}."""
    return {(text.get_position()[1], text.get_position()[0]): text.get_text() for text in axes.texts}


def test_counts_are_in_their_row_and_column():
    cells, _ = confusion(MATRIX, NAMES).axes
    assert written(cells) == {(0, 0): "8", (0, 1): "2", (1, 0): "1", (1, 1): "6", (1, 2): "3"}
    top, bottom = cells.get_ylim()[::-1]
    assert top < bottom  # row 0 is on top
    assert cells.get_ylabel() == "True class"
    assert cells.get_title() == "Predicted class"
    assert [label.get_text() for label in cells.get_yticklabels()] == NAMES
    assert [label.get_text() for label in cells.get_xticklabels()] == NAMES


def test_correct_is_blue_wrong_is_orange_and_zero_is_white():
    colours = np.asarray(confusion(MATRIX, NAMES).axes[0].images[0].get_array())
    red, blue = colours[..., 0], colours[..., 2]
    assert (blue > red)[[0, 1], [0, 1]].all()
    assert (red > blue)[[0, 1, 1], [1, 0, 2]].all()
    assert (colours[MATRIX == 0] == 1).all()
    assert red[0, 0] < red[1, 1]  # 8 of 10 is deeper than 6 of 10
    np.testing.assert_allclose(1 - blue[0, 1], np.sqrt(0.2))  # pure orange has no blue: 1 - blue is the depth


def test_the_error_of_each_class_is_at_the_right():
    _, errors = confusion(MATRIX, NAMES).axes
    np.testing.assert_allclose([bar.get_width() for bar in errors.patches], [0.2, 0.4, 0])
    assert [text.get_text() for text in errors.texts] == ["20 %", "40 %", "-"]
    assert errors.get_title("left") == "Error 30.0 %"
    assert errors.bbox.x0 > errors.figure.axes[0].bbox.x1


@pytest.mark.parametrize(("count", "counts", "names"), [(20, True, True), (21, False, True), (41, False, False)])
def test_large_matrices_leave_out_text_that_would_be_too_small(count, counts, names):
    cells, errors = confusion(np.ones((count, count), int), range(count)).axes
    assert len(cells.texts) == (count * count if counts else 0)
    assert len(errors.texts) == (count if names else 0)
    assert (len(cells.get_xticks()) == count) == names


def test_long_names_and_large_counts_stay_within_their_space():
    names = [f"{k} a name, far too long for any cell" for k in range(20)]
    figure = confusion(np.eye(20, dtype=int) * 50_000, names)
    figure.canvas.draw()
    cells = figure.axes[0]
    width = cells.bbox.width / 20
    assert all(text.get_window_extent().width < width for text in cells.texts)
    for label in cells.get_xticklabels() + cells.get_yticklabels():
        extent = label.get_window_extent()
        assert extent.x0 > 0
        assert extent.y0 > 0
    assert cells.get_xticklabels()[0].get_rotation() == 90


def test_short_names_are_not_rotated_and_do_not_overlap():
    classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    figure = confusion(np.eye(10, dtype=int), classes)
    figure.canvas.draw()
    labels = figure.axes[0].get_xticklabels()
    assert labels[0].get_rotation() == 0
    assert labels[0].get_fontsize() == SMALL
    extents = [label.get_window_extent() for label in labels]
    assert all(left.x1 < right.x0 for left, right in pairwise(extents))


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.ones((3, 2), int), r"\(3, 3\), not \(3, 2\)"),
        (np.ones((2, 2), int), r"\(3, 3\), not \(2, 2\)"),
        (np.full((3, 3), 0.5), "integers >= 0"),
        (np.full((3, 3), -1), "integers >= 0"),
        (np.full((3, 3), np.nan), "integers >= 0"),
    ],
)
def test_other_arrays_than_a_confusion_matrix_are_refused(matrix, message):
    with pytest.raises(ValueError, match=message):
        confusion(matrix, NAMES)


def test_no_classes_and_no_images():
    with pytest.raises(ValueError, match="matrix must be"):
        confusion(np.ones((0, 0), int), [])
    figure = confusion(np.zeros((2, 2), int), ["cat", "dog"])
    assert figure.axes[1].get_title("left") == "Error 0.0 %"


@pytest.mark.parametrize(("count", "lines"), [(3, True), (40, True), (41, False)])
def test_lines_part_the_cells_of_neighbours(count, lines):
    cells = confusion(np.ones((count, count), int), range(count)).axes[0]
    assert bool(cells.collections) == lines
    if lines:
        segments = [segment for collection in cells.collections for segment in collection.get_segments()]
        across = {float(segment[0][1]) for segment in segments if segment[0][1] == segment[1][1]}
        assert across == {k + 0.5 for k in range(count - 1)}


def test_the_title_is_above_everything():
    figure = confusion(MATRIX, NAMES, title="a net on pets")
    figure.canvas.draw()
    assert figure.texts[0].get_text() == "a net on pets"
    assert figure.texts[0].get_window_extent().y0 > figure.axes[0].title.get_window_extent().y1
    assert figure.bbox.height == pytest.approx(confusion(MATRIX, NAMES).bbox.height + 32)

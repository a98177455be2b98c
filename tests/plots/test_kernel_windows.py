"""The positions of windows, and im2col's columns."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from minialex.layers.im2col import im2col
from minialex.plots import window_columns, window_positions
from minialex.plots.kernel_windows import COLOURS, MAP, PADDING, UNSEEN


def cells(axes, colour):
    return sum(patch.get_fill() and same_color(patch.get_facecolor(), colour) for patch in axes.patches)


def frames(axes):
    """Return the corners of the frames, (left, top), and their side."""
    return [(*patch.get_xy(), patch.get_width()) for patch in axes.patches if not patch.get_fill()]


@pytest.mark.parametrize(
    ("pad", "stride", "count", "padding", "unseen"),
    [(0, 1, 6, 0, 0), (1, 1, 8, 36, 0), (0, 2, 3, 0, 15), (1, 2, 4, 17, 19)],
)
def test_positions_padding_and_unseen_elements(pad, stride, count, padding, unseen):
    (axes,) = window_positions(8, 3, [(pad, stride)]).axes
    assert len(axes.lines[0].get_xdata()) == count**2
    assert axes.get_title() == f"pad {pad}, stride {stride}:\n{count} x {count} positions"
    assert (cells(axes, PADDING), cells(axes, UNSEEN)) == (padding, unseen)
    assert cells(axes, MAP) == (8 + 2 * pad) ** 2 - padding - unseen
    assert frames(axes) == [(-pad, -pad, 3), (stride - pad, -pad, 3)]


def test_a_panel_for_each_setting_and_a_single_window():
    figure = window_positions(3, 3, [(0, 1), (1, 1)])
    assert [len(frames(axes)) for axes in figure.axes] == [1, 2]
    assert figure.axes[0].bbox.x1 < figure.axes[1].bbox.x0


def test_columns_are_the_windows_in_their_colours():
    x = np.arange(16.0).reshape(4, 4)
    cols = im2col(np, x[None, None], kernel=3, stride=1, OH=2, OW=2)
    picture, matrix = window_columns(x, cols, 3).axes
    assert [text.get_text() for text in picture.texts] == [str(n) for n in range(16)]
    assert [text.get_text() for text in matrix.texts] == [f"{value:.0f}" for value in cols.ravel()]
    assert [text.get_color() for text in matrix.texts[:4]] == list(COLOURS)
    for (left, top, side), (row, column) in zip(frames(picture), np.ndindex(2, 2), strict=True):
        assert (round(left + side / 2), round(top + side / 2)) == (column + 1, row + 1)  # the middle of the window
    assert len(frames(matrix)) == 4


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: window_positions(8, 3, [(0, 0)]), "expected stride to be an integer >= 1, got 0"),
        (lambda: window_positions(8, 3, [(-1, 1)]), "expected pad to be an integer >= 0, got -1"),
        (lambda: window_positions(2, 5, [(1, 1)]), "expected a kernel <= 4, got 5"),
        (lambda: window_columns(np.ones((4, 4)), np.ones((9, 3)), 3), r"expected cols \(9, 4\), .*got \(9, 3\)"),
        (lambda: window_columns(np.ones((5, 5)), np.ones((9, 9)), 3), "four at most"),
    ],
)
def test_input_that_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()

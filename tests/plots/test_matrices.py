"""Matrices as pictures."""

import numpy as np
import pytest

from minialex.plots import matrices

SMALL = np.array([[1.0, -2.0], [0.0, 0.5]])


def test_small_matrices_are_written_and_share_a_scale_around_zero():
    first, second = matrices({"a": SMALL, "b": np.array([[3, 0], [1, -1]])}).axes
    assert [text.get_text() for text in first.texts] == ["1.00", "-2.00", "0.00", "0.50"]
    assert [text.get_text() for text in second.texts] == ["3", "0", "1", "-1"]
    assert first.images[0].get_clim() == second.images[0].get_clim() == (-3, 3)
    red, green, blue, _ = first.images[0].to_rgba(np.array([[0.0]]))[0, 0]
    assert min(red, green, blue) > 0.99
    positive, negative = first.images[0].to_rgba(np.array([[3.0, -3.0]]))[0]
    assert positive[0] > positive[2]
    assert negative[2] > negative[0]


def test_large_matrices_have_no_numbers_and_grey_goes_from_low_to_high():
    (axes,) = matrices({"map": np.arange(400.0).reshape(20, 20)}, grey=True).axes
    assert not axes.texts
    assert axes.images[0].get_clim() == (0, 399)
    black, white = axes.images[0].to_rgba(np.array([[0.0, 399.0]]))[0, :, 0]
    assert (black, white) == (0, 1)


def test_panels_are_in_rows_and_numbers_inside_their_cells():
    figure = matrices({str(n): np.full((5, 6), -9.87) for n in range(7)}, columns=3)
    figure.canvas.draw()
    tops = [round(axes.get_position().y1, 3) for axes in figure.axes]
    assert len(set(tops)) == 3
    assert tops[0] == tops[1] == tops[2] > tops[3]
    for axes in figure.axes:
        cell = axes.get_window_extent().width / 6
        assert all(text.get_window_extent().width < cell for text in axes.texts)


def test_a_uniform_matrix_has_a_scale_and_a_given_end_is_kept():
    assert matrices({"zeros": np.zeros((2, 2))}).axes[0].images[0].get_clim() == (0, 1)
    assert matrices({"a": SMALL}, high=8).axes[0].images[0].get_clim() == (-8, 8)
    assert matrices({"a": SMALL}, high=8, grey=True).axes[0].images[0].get_clim() == (-2, 8)


@pytest.mark.parametrize("panels", [{"a": np.zeros((1, 2, 2))}, {"a": np.array([[np.nan]])}, {"a": np.zeros((0, 2))}])
def test_what_is_no_finite_matrix_is_refused(panels):
    with pytest.raises(ValueError, match="expected finite matrices, got a of shape"):
        matrices(panels)


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="expected at least one matrix"):
        matrices({})

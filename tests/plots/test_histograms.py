"""The picture of histograms in panels."""

import numpy as np
import pytest

from minialex.plots import histograms

BINS = np.linspace(0, 1, 5)


def test_panels_have_one_scale_and_a_mean_for_each_group():
    panels = {"epoch 0": {"a": np.array([0.1, 0.1, 0.1]), "b": np.array([0.9])}, "epoch 9": {"a": np.array([0.4, 0.6])}}
    first, second = histograms(panels, x="Colour", y="Kernels", bins=BINS).axes
    assert first.get_title() == "epoch 0"
    assert first.get_ylim() == second.get_ylim() == (0, pytest.approx(3.24))
    assert [label.get_text() for label in first.get_xticklabels()] == ["0", "0.5", "1"]  # short: panels are close
    assert [line.get_xdata()[0] for line in first.get_lines()] == pytest.approx([0.1, 0.9])
    assert [line.get_xdata()[0] for line in second.get_lines()] == pytest.approx([0.5])


@pytest.mark.parametrize("panels", [{}, {"a": {}}, {"a": dict.fromkeys("abcde", np.zeros(2))}])
def test_what_cannot_be_drawn_is_refused(panels):
    with pytest.raises(ValueError, match="panels must be one at least"):
        histograms(panels, x="", y="", bins=BINS)

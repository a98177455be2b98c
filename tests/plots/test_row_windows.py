"""The windows along a row."""

import numpy as np
import pytest

from minialex.layers import Conv2D
from minialex.plots import row_windows


def bars(axes):
    """Return start and length of the windows: the patches that are no pixels."""
    return [(patch.get_x(), patch.get_width()) for patch in axes.patches if patch.get_width() > 1]


@pytest.mark.parametrize(("setting", "first", "last"), [
    ((224, 0, 3), [0, 4, 8], [208, 212, 216]),
    ((227, 0, 0), [0, 4, 8], [208, 212, 216]),
    ((224, 2, 2), [-2, 2, 6], [206, 210, 214]),
    ((224, 0, 0), [0, 4, 8], [204, 208, 212]),
])  # fmt: skip
def test_first_and_last_windows(setting, first, last):
    left, right = row_windows({"x": setting}).axes
    assert bars(left) == [(start, 11) for start in first]
    assert bars(right) == [(start, 11) for start in last]


@pytest.mark.parametrize("setting", [(224, 0, 3), (224, 2, 2), (224, 0, 0), (65, 1, 4)])
def test_the_number_of_windows_is_the_layer_s(setting):
    size, before, after = setting
    layer = Conv2D(3, 1, 11, stride=4, pad=(before, after), rng=np.random.default_rng(0))
    figure = row_windows({"x": setting})
    assert f" {layer.output_shape((3, size, size))[1]} windows" in figure.axes[0].get_title(loc="left")


def test_windows_that_read_padding_are_hatched():
    axes = row_windows({"paper": (224, 0, 3), "torchvision": (224, 2, 2)}).axes
    hatched = [sum(patch.get_hatch() is not None for patch in panel.patches) for panel in axes]
    assert hatched == [0, 1, 1, 1]
    assert "1 unread" in axes[2].get_title(loc="left")
    assert "unread" not in axes[0].get_title(loc="left")


@pytest.mark.parametrize(("settings", "options", "message"), [
    ({}, {}, "one setting at least"),
    ({"x": (20, 0, 0)}, {}, "6 windows or more in x, got 3"),
    ({"x": (224, 0, 0)}, {"stride": 0}, "stride"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(settings, options, message):
    with pytest.raises(ValueError, match=message):
        row_windows(settings, **options)

"""Checks of conv.py: the convolutional layer."""

import pytest

from minialex.gradcases import Maker
from minialex.grading.fixtures import over
from minialex.grading.setting import Setting

BY_HAND = Setting(
    "by hand", Maker("Conv2D", 1, 1, 2), x=[[[[1, 0, 2], [0, 3, 0], [4, 0, 1]]]], dy=[[[[1, 0], [0, 2]]]],
    params={"W": [[[[1, 2], [-1, 1]]]], "b": [0.5]},
    right={
        "y": [[[[4.5, 1.5], [2.5, 4.5]]]],  # 1*1 + 2*0 - 1*0 + 1*3 + 0.5 = 4.5
        "x": [[[[1, 2, 0], [-1, 3, 4], [0, -2, 2]]]],  # W at the first window, 2 W at the last; they share a pixel
        "W": [[[[7, 0], [0, 5]]]],  # 1*1 + 2*3 = 7
        "b": [3],
    },
)  # fmt: skip
SETTINGS = [
    Setting("no pad", Maker("Conv2D", 3, 4, 3), (2, 3, 5, 6)),
    Setting("pad 1", Maker("Conv2D", 2, 3, 3, pad=1), (2, 2, 4, 5)),
    Setting("stride 2, pad 1", Maker("Conv2D", 2, 3, 3, stride=2, pad=1), (2, 2, 6, 5)),
    Setting("2 groups", Maker("Conv2D", 4, 6, 3, groups=2), (2, 4, 4, 5)),
    Setting("kernel 1", Maker("Conv2D", 3, 2, 1), (2, 3, 3, 4), hidden=True),
    Setting("stride 3, pad 2", Maker("Conv2D", 4, 2, 4, stride=3, pad=2, groups=2), (1, 4, 7, 9), hidden=True),
]


@pytest.mark.points(1)
@pytest.mark.parametrize("setting", [SETTINGS[0], SETTINGS[2]], ids=["no pad", "stride 2, pad 1"])
def test_output_shape(student, setting):
    student.check_output_shape(setting)


@pytest.mark.points(1)
@over([BY_HAND, *SETTINGS], "y")
def test_forward(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(1)
@over([BY_HAND, *SETTINGS], "x", "W", "b")
def test_gradient(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(1)
def test_no_side_effects(student):
    student.check_side_effects(SETTINGS[1])

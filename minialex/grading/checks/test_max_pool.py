"""Checks of max_pool.py: max pooling, with windows that overlap."""

import pytest

from minialex.gradcases import Maker
from minialex.grading.fixtures import over
from minialex.grading.setting import Setting

BY_HAND = Setting(  # two ties: the 5 of the first window, the 6 of the last
    "by hand", Maker("MaxPool", 2, 1), x=[[[[1, 5, 2], [5, 3, 0], [4, 6, 6]]]], dy=[[[[1, 2], [3, 4]]]],
    right={"y": [[[[5, 5], [6, 6]]]], "x": [[[[0, 3, 0], [0, 0, 0], [0, 7, 0]]]]},
)  # fmt: skip
SETTINGS = [
    Setting("3x3, stride 2", Maker("MaxPool", 3, 2), (2, 3, 7, 5)),
    Setting("2x2, stride 2", Maker("MaxPool", 2, 2), (2, 2, 4, 6)),
    Setting("3x3, stride 2, a row too many", Maker("MaxPool", 3, 2), (1, 2, 8, 6), hidden=True),
    Setting("3x3, stride 1", Maker("MaxPool", 3, 1), (1, 2, 5, 4), hidden=True),
    Setting("all equal", Maker("MaxPool", 3, 2), hidden=True, x=[[[[-1.0] * 5] * 5]] * 2),
]


@pytest.mark.points(1)
def test_output_shape(student):
    student.check_output_shape(SETTINGS[3])  # of an odd side and stride 2, H // stride would be right too


@pytest.mark.points(2)
@over([BY_HAND, *SETTINGS], "y")
def test_forward(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(2)
@over([BY_HAND, *SETTINGS], "x")
def test_gradient_of_x(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(1)
def test_no_side_effects(student):
    student.check_side_effects(SETTINGS[0])

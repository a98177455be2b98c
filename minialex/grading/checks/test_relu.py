"""Checks of relu.py: the rectified linear unit."""

import pytest

from minialex.gradcases import Maker
from minialex.grading.fixtures import over
from minialex.grading.setting import Setting

BY_HAND = Setting(
    "by hand", Maker("ReLU"), x=[[-2, -0.5, 0.25, 3]], dy=[[5, -6, -7, 8]],
    right={"y": [[0, 0, 0.25, 3]], "x": [[0, 0, -7, 8]]},
)  # fmt: skip
SETTINGS = [
    Setting("vectors", Maker("ReLU"), (3, 8)),
    Setting("maps", Maker("ReLU"), (2, 3, 4, 5), hidden=True),
    Setting("one image", Maker("ReLU"), (1, 24), hidden=True),
]


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

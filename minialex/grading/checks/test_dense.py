"""Checks of dense.py: the fully-connected layer."""

import pytest

from minialex.gradcases import Maker
from minialex.grading.fixtures import over
from minialex.grading.setting import Setting

BY_HAND = Setting(
    "by hand", Maker("Dense", 3, 2), x=[[1, 2, 3], [4, 5, 6]], dy=[[1, 2], [0, -1]],
    params={"W": [[1, 0, -1], [2, 1, 0]], "b": [10, 20]},
    right={
        "y": [[8, 24], [8, 33]],  # 1*1 + 0*2 - 1*3 + 10 = 8
        "x": [[5, 2, -1], [-2, -1, 0]],  # 1*1 + 2*2 = 5
        "W": [[1, 2, 3], [-2, -1, 0]],  # 2*1 - 1*4 = -2
        "b": [1, 1],
    },
)  # fmt: skip
SETTINGS = [
    Setting("7 to 4", Maker("Dense", 7, 4), (3, 7)),
    Setting("6 to 6", Maker("Dense", 6, 6), (4, 6)),
    Setting("one image", Maker("Dense", 5, 3), (1, 5), hidden=True),
    Setting("one output", Maker("Dense", 3, 1), (6, 3), hidden=True),
]


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
    student.check_side_effects(SETTINGS[0])

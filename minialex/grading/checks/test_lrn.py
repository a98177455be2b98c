"""Checks of lrn.py: local response normalization across channels, at an alpha at which its window matters."""

import pytest

from minialex.gradcases import Maker
from minialex.grading.fixtures import over
from minialex.grading.setting import Setting

BY_HAND = Setting(  # sums of squares over three channels: 5, 5, 13, 9
    "by hand", Maker("LRN", 3, k=1.0, alpha=1.0, beta=1.0),
    x=[[[[1]], [[2]], [[0]], [[3]]]], dy=[[[[36]], [[0]], [[0]], [[100]]]],
    right={
        "y": [[[[1 / 6]], [[2 / 6]], [[0]], [[3 / 10]]]],
        "x": [[[[4]], [[-4]], [[0]], [[-8]]]],  # 36 / 6 - 2*1 * 36*1 / 6**2 = 4
    },
)  # fmt: skip
SETTINGS = [
    Setting("n = 5", Maker("LRN", 5, alpha=0.5), (2, 8, 2, 3)),
    Setting("n = 3", Maker("LRN", 3, alpha=0.2, beta=0.6), (2, 5, 3, 2)),
    Setting("n = 5, k = 1, 3 channels", Maker("LRN", 5, k=1.0, alpha=0.5), (2, 3, 2, 2), hidden=True),
    Setting("n = 1", Maker("LRN", 1, alpha=0.5), (1, 4, 3, 3), hidden=True),
]


@pytest.mark.points(2)
@over([BY_HAND, *SETTINGS], "y")
def test_forward(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(3)
@over([BY_HAND, *SETTINGS], "x")
def test_gradient_of_x(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(1)
def test_no_side_effects(student):
    student.check_side_effects(SETTINGS[0])

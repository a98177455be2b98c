"""Checks of softmax_loss.py: softmax with the cross-entropy loss."""

from math import log

import pytest

from minialex.gradcases import Maker
from minialex.grading.fixtures import over
from minialex.grading.setting import Setting

LOSS = Maker("SoftmaxCrossEntropy")
BY_HAND = Setting(
    "by hand", LOSS, labels=[1, 0], x=[[0, 0], [0, log(3)]],  # p = 1/2, 1/2 and 1/4, 3/4
    right={"y": (log(2) + log(4)) / 2, "x": [[0.25, -0.25], [-0.375, 0.375]]},
)  # fmt: skip
SETTINGS = [
    Setting("5 images, 8 classes", LOSS, (5, 8), labels=[7, 0, 2, 2, 5]),
    Setting("one image", LOSS, (1, 3), labels=[1], hidden=True),
    Setting("as many images as classes", LOSS, (4, 4), labels=[3, 3, 0, 1], hidden=True),
]
LARGE = Setting(  # p = 1, 0 and 0, 1: exp(2000) is too large for a float; each row needs a maximum of its own
    "large logits", LOSS, labels=[0, 0], x=[[2000, 0], [0, 500]],
    right={"y": 250, "x": [[0, 0], [-0.5, 0.5]]},
)  # fmt: skip


@pytest.mark.points(2)
@over([BY_HAND, *SETTINGS, LARGE], "y")
def test_forward(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(2)
@over([BY_HAND, *SETTINGS, LARGE], "x")
def test_gradient_of_the_logits(student, setting, key):
    student.check(setting, key)


@pytest.mark.points(1)
def test_no_side_effects(student):
    student.check_side_effects(SETTINGS[0])

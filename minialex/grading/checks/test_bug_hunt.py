"""Checks of bug_hunt.py: seven layers, each broken at one place; the hints name numbers, not causes."""

import pytest

from minialex.gradcases import Maker
from minialex.grading.setting import Setting
from minialex.grading.update_mistakes import check_step

QUIET = True
DENSE = Setting("Dense", Maker("Dense", 4, 3), (5, 4))
LOSS = Setting("SoftmaxCrossEntropy", Maker("SoftmaxCrossEntropy"), (5, 4), labels=[3, 0, 1, 1, 2])
CONV = Setting("Conv2D", Maker("Conv2D", 2, 3, 3, stride=2, pad=1), (2, 2, 5, 7))
POOL = Setting("MaxPool", Maker("MaxPool", 3, 2), (2, 2, 7, 5))
NORM = Setting("LRN", Maker("LRN", 5, alpha=0.5), (2, 7, 2, 3))
DROP = Setting("evaluation", Maker("Dropout", 0.3, training=False), (4, 6))
SAME = [
    Setting("Conv2D, no pad", Maker("Conv2D", 2, 3, 3), (2, 2, 5, 4), hidden=True),
    Setting("MaxPool, no overlap", Maker("MaxPool", 2, 2), (2, 2, 4, 6), hidden=True),
]


def mended(student, setting: Setting, *keys: str) -> None:
    student.check_side_effects(setting)
    for key in keys:
        student.check(setting, key)


@pytest.mark.points(2)
def test_dense(student):
    mended(student, DENSE, "y", "x", "W", "b")


@pytest.mark.points(2)
def test_softmax_cross_entropy(student):
    mended(student, LOSS, "y", "x")


@pytest.mark.points(2)
def test_conv(student):
    mended(student, CONV, "y", "x", "W", "b")


@pytest.mark.points(2)
def test_max_pool(student):
    mended(student, POOL, "y", "x")


@pytest.mark.points(2)
def test_lrn(student):
    mended(student, NORM, "y", "x")


@pytest.mark.points(2)
def test_dropout(student):
    mended(student, DROP, "y", "x")


@pytest.mark.points(2)
def test_descend(student):
    w, v, g = student.rng("descend").standard_normal((3, 5))
    check_step(student, w, v, g, lr=0.1, momentum=0.8, decay=0.2)


@pytest.mark.points(1)
@pytest.mark.hidden
@pytest.mark.parametrize("setting", SAME, ids=[one.name for one in SAME])
def test_the_rest_is_as_before(student, setting):
    mended(student, setting, "y", "x")

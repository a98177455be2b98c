"""Checks of dropout.py: the paper's dropout, which draws, so its statistics are checked where its values cannot be."""

import numpy as np
import pytest

from minialex.gradcases import Maker
from minialex.grading.dropout_statistics import check_evaluation, check_gradient, check_mask, check_new_mask
from minialex.grading.fixtures import over
from minialex.grading.setting import Setting

EVALUATION = [
    Setting("p = 0.5", Maker("Dropout", 0.5, training=False), (3, 8)),
    Setting("p = 0.3", Maker("Dropout", 0.3, training=False), (2, 3, 4, 5)),
    Setting("p = 0", Maker("Dropout", 0.0, training=False), (2, 4), hidden=True),
]
TRAINING = [0.5, 0.3, pytest.param(0.9, marks=pytest.mark.hidden)]


@pytest.mark.points(2)
@pytest.mark.parametrize("p", TRAINING)
def test_mask_in_training(student, p):
    check_mask(student, p)


@pytest.mark.points(1)
def test_a_new_mask_each_time(student):
    check_new_mask(student)


@pytest.mark.points(2)
@pytest.mark.parametrize("p", TRAINING)
def test_gradient_in_training(student, p):
    check_gradient(student, p)


@pytest.mark.points(1)
@over(EVALUATION, "y", "x")
def test_evaluation(student, setting, key):
    check_evaluation(student, setting, key)


@pytest.mark.points(1)
def test_no_side_effects(student):
    student.check_side_effects(Setting("p = 0.4", Maker("Dropout", 0.4), (4, 5)))


@pytest.mark.hidden
def test_nothing_is_dropped_at_p_0(student):
    x = student.rng("p = 0").standard_normal((3, 4))
    np.testing.assert_array_equal(student.layer(Maker("Dropout", 0.0)).forward(x), x, "with p = 0, y is x")

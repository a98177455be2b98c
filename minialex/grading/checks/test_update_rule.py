"""Checks of update_rule.py: momentum and weight decay, as in section 5 of the paper."""

import pytest

from minialex.grading.update_mistakes import check_step

PAPER = {"lr": 0.01, "momentum": 0.9, "decay": 0.0005}
LARGE = {"lr": 0.2, "momentum": 0.7, "decay": 0.3}  # at which each term matters


@pytest.mark.points(2)
def test_a_step_by_hand(student):
    # v = 0.9 * 0.5 - 0.01 * 0.1 * 1 - 0.1 * 2 = 0.45 - 0.001 - 0.2 = 0.249, w = 1 + 0.249
    check_step(student, [1.0], [0.5], [2.0], lr=0.1, momentum=0.9, decay=0.01)


@pytest.mark.points(2)
@pytest.mark.parametrize("numbers", [PAPER, LARGE], ids=["the paper's numbers", "larger numbers"])
def test_a_step(student, numbers):
    w, v, g = student.rng("step").standard_normal((3, 4, 5))
    check_step(student, w, v, g, **numbers)


@pytest.mark.points(1)
def test_the_first_step(student):
    w, g = student.rng("first step").standard_normal((2, 6))
    check_step(student, w, 0 * w, g, **LARGE)


@pytest.mark.points(2)
def test_five_steps_with_a_rate_that_is_divided(student):
    w, v, *gradients = student.rng("five steps").standard_normal((7, 3, 2))
    for step, g in enumerate(gradients):
        w, v = check_step(student, w, v, g, **{**LARGE, "lr": 0.2 if step < 3 else 0.02})


@pytest.mark.points(1)
@pytest.mark.hidden
@pytest.mark.parametrize("off", ["momentum", "decay"])
def test_without(student, off):
    w, v, g = student.rng(f"without {off}").standard_normal((3, 7))
    check_step(student, w, v, g, **{**LARGE, off: 0.0})


@pytest.mark.points(1)
@pytest.mark.hidden
def test_decay_alone_shrinks_the_weights(student):
    w, v = student.rng("decay alone").standard_normal((2, 8))
    check_step(student, w, v, 0 * w, **LARGE)

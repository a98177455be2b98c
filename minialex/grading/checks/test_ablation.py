"""Checks of ablation.py: the numbers of a pilot experiment, and how many seeds the experiment itself needs."""

from math import ceil, sqrt

import numpy as np
import pytest

from minialex.grading.worksheet import Question, check_answer

WITHOUT = np.array([56.94, 57.08, 54.50, 55.74, 58.12])  # validation errors in percent, of five seeds
WITH = np.array([54.38, 55.60, 54.98, 55.24, 56.32])
SECONDS, BUDGET, POWER = 29 + 37, 30 * 60, 1.96 + 0.84
d = WITH - WITHOUT
s, n = d.std(ddof=1), len(d)
error, apart = s / sqrt(n), sqrt(WITH.var(ddof=1) / n + WITHOUT.var(ddof=1) / n)
affordable = BUDGET // SECONDS
chance = 0.116  # of two standard errors with five seeds, where there is no difference

# fmt: off
QUESTIONS = [
    Question("mean_difference", d.mean(), "the mean of with - without, seed by seed", (
        (-d.mean(), "the sign: with - without, so that a negative number is an improvement"),
        (d.sum(), "the sum: divide by the number of seeds"),
    )),
    Question("deviation", s, "that of the differences, sqrt(sum (d - mean)**2 / (n - 1))", (
        (d.std(), "divided by n in place of n - 1: the mean was computed from the same numbers (ddof=1)"),
        (s**2, "the variance: was the square root forgotten?"),
        (WITH.std(ddof=1), "of one net's errors: take the differences"),
        (WITHOUT.std(ddof=1), "of one net's errors: take the differences"),
    )),
    Question("standard_error", error, "deviation / sqrt(n)", (
        (s, "the deviation of one difference: that of a mean of n is smaller by sqrt(n)"),
        (s / n, "divided by n in place of sqrt(n)"),
        (d.std() / sqrt(n), "with n - 1 in the deviation (ddof=1)"),
    )),
    Question("unpaired_standard_error", apart, "sqrt(var(without) / n + var(with) / n)", (
        (error, "the paired one: here the seeds of the two nets are different ones, so both variances count"),
        (WITH.std(ddof=1) / sqrt(n) + WITHOUT.std(ddof=1) / sqrt(n), "variances add up, deviations do not"),
    )),
    Question("standard_errors", abs(d.mean()) / error, "abs(mean_difference) / standard_error", (
        (abs(d.mean()) / s, "divided by the deviation: by the standard error"),
        (abs(d.mean()) / apart, "the seeds are paired here"),
        (d.mean() / error, "without the sign"),
    )),
    Question("shown", "no", '"yes" if standard_errors is above 2.776 (five seeds, one case of 20), else "no"', (
        ("yes", "2.776, not 2: with five seeds the deviation itself is uncertain"),
    )),
    Question("seeds_for_two_errors", ceil(4 * s**2 / 1.4**2), "n = 4 s**2 / d**2, rounded up", (
        (int(4 * s**2 / 1.4**2), "rounded down: then it is not reached"),
    )),
    Question("seeds_for_80_percent", ceil(POWER**2 * s**2 / 1.4**2), "n = (1.96 + 0.84)**2 s**2 / d**2, rounded up", (
        (int(POWER**2 * s**2 / 1.4**2), "rounded down: then it is not reached"),
        (ceil(4 * s**2 / 1.4**2), "that shows it in half of all experiments only"),
    )),
    Question("seeds_for_half_a_point", ceil(POWER**2 * s**2 / 0.5**2), "as before, with d = 0.5, rounded up", (
        (int(POWER**2 * s**2 / 0.5**2), "rounded down: then it is not reached"),
        (ceil(4 * s**2 / 0.5**2), "that shows it in half of all experiments only"),
    )),
    Question("seeds_affordable", affordable, "the budget over the seconds of one seed, both nets, rounded down", (
        (BUDGET // 29, "each seed trains both nets"), (BUDGET // 37, "each seed trains both nets"),
        (affordable + 1, "rounded up: that is over the budget"),
    )),
    Question("smallest_difference", POWER * s / sqrt(affordable), "d = (1.96 + 0.84) * s / sqrt(n)", (
        (2 * s / sqrt(affordable), "that shows it in half of all experiments only: 1.96 + 0.84, not 2"),
    )),
    Question("false_alarm", 1 - (1 - chance) ** 5, "1 - (1 - 0.116)**5: one minus the chance that none is", (
        (chance, "of one comparison: there are five"), (5 * chance, "chances of several events do not add up"),
        (chance**5, "of all five at once: at least one was asked for"),
    )),
]
# fmt: on


@pytest.mark.points(1)
@pytest.mark.parametrize("question", QUESTIONS, ids=[question.name for question in QUESTIONS])
def test_number(student, question):
    check_answer(student, question)

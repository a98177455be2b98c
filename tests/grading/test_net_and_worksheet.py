"""Hints of the net, which is compared with ours as a whole, and of the worksheet of the ablation."""

import pytest
from grading.local import Local
from grading.solutions import ABLATION, SOLUTIONS
from grading.students import ASSIGNMENTS

from minialex.grading import grade, student

NET = SOLUTIONS["net"]
LOWER_2 = "relu2=ReLU(), norm2=LRN(), pool2=MaxPool(3, 2, ceil=True)"
# fmt: off
MISTAKES = {  # a change in the solution, and part of the hint
    "no communication": ("to_conv3=AllGather(devices),             ", "",
                         "after lower.b.pool2 comes upper (Groups); expected to_conv3"),
    "no norm": (LOWER_2, LOWER_2.replace("norm2=LRN(), ", ""),
                "after lower.a.relu2 comes lower.a.pool2 (MaxPool); expected lower.a.norm2"),
    "pooled first": ("relu1=ReLU(), norm1=LRN(), pool1=MaxPool(3, 2, ceil=True)",
                     "pool1=MaxPool(3, 2, ceil=True), relu1=ReLU(), norm1=LRN()",
                     "after lower.a.conv1 comes lower.a.pool1 (MaxPool); expected lower.a.relu1 (ReLU)"),
    "all kernels in each group": ("conv5: int = 32", "conv5: int = 64", "half of the kernels are in each group"),
    "kernel of 3": ("Conv2D(24, 32, 5, pad=2", "Conv2D(24, 32, 3, pad=1",
                    "lower.a.conv2.W has shape (32, 24, 3, 3), expected (32, 24, 5, 5)"),
    "a window of 2": (LOWER_2, LOWER_2.replace("3, 2, ceil=True", "2, 2"), "Forward is wrong here too"),
    "not a net": ("return small_alexnet(rng=rng)", "return None", "expected a Layer, got a NoneType"),
}
# fmt: on


SLOW = ("no norm", "pooled first", "a window of 2", "all kernels in each group")


@pytest.mark.parametrize("mistake", [
    pytest.param(mistake, marks=[pytest.mark.slow] if mistake in SLOW else []) for mistake in MISTAKES
])  # fmt: skip
def test_the_hint_names_the_layer(mistake, monkeypatch, tmp_path):
    monkeypatch.setattr(student, "Process", Local)
    old, new, hint = MISTAKES[mistake]
    assert NET.count(old) == 1
    (tmp_path / "net.py").write_text(NET.replace(old, new))
    marks = grade(tmp_path / "net.py", seed=0)
    assert not marks.passed
    assert hint in str(marks)


NUMBERS = {
    "mean_difference = -mean_difference": "the sign: with - without",
    "deviation = deviation * sqrt(4 / 5)": "divided by n in place of n - 1",
    "deviation = deviation ** 2": "the variance: was the square root forgotten?",
    "standard_error = deviation": "that of a mean of n is smaller by sqrt(n)",
    "unpaired_standard_error = standard_error": "the paired one",
    "standard_errors = abs(mean_difference) / unpaired_standard_error": "the seeds are paired here",
    "shown = 'Yes'": "2.776, not 2",
    "seeds_for_80_percent = seeds_for_two_errors": "in half of all experiments only",
    "seeds_for_half_a_point -= 1": "rounded down",
    "seeds_affordable = 1800 // 29": "each seed trains both nets",
    "seeds_affordable = 27.3": "seeds_affordable = 27.3 is not right",
    "smallest_difference = 2 * deviation / sqrt(27)": "1.96 + 0.84, not 2",
    "false_alarm = 5 * 0.116": "chances of several events do not add up",
    "false_alarm = None": "false_alarm is not filled in, or is no number",
    "false_alarm = float('nan')": "false_alarm is not filled in, or is no number",
    "import numpy as np; deviation = np.float64(1.0)": "deviation = 1 is not right",
}


@pytest.mark.parametrize("line", NUMBERS)
def test_a_wrong_number_is_named_with_its_mistake(line, monkeypatch, tmp_path):
    monkeypatch.setattr(student, "Process", Local)
    (tmp_path / "ablation.py").write_text(f"{ABLATION}\n{line}\n")
    marks = grade(tmp_path / "ablation.py")
    assert sum(not result.passed for result in marks.results) == 1
    assert NUMBERS[line] in str(marks)


def test_the_worksheet_has_the_numbers_of_the_checks():
    from minialex.grading.checks.test_ablation import QUESTIONS, WITH, WITHOUT

    names: dict = {}
    exec((ASSIGNMENTS / "ablation.py").read_text(), names)
    assert (names["without"], names["with_lrn"]) == (list(WITHOUT), list(WITH))
    assert [name for name, value in names.items() if value is None] == [question.name for question in QUESTIONS]

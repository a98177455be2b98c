"""The library's own layers solve every assignment, so do solutions of students; the files as handed out do not."""

import numpy as np
import pytest
from grading.local import Local
from grading.solutions import SOLUTIONS
from grading.students import ASSIGNMENTS as FOLDER
from grading.students import BODIES, solved

from minialex.grading import grade, student
from minialex.grading.assignments import ASSIGNMENTS, checks_of
from minialex.grading.checks import (
    test_conv,
    test_dense,
    test_lrn,
    test_max_pool,
    test_relu,
    test_softmax_loss,
)

FILES = sorted(FOLDER.glob("*.py"))
LAYERS = (test_conv, test_dense, test_lrn, test_max_pool, test_relu, test_softmax_loss)


def test_every_assignment_has_a_file_checks_and_a_solution():
    assert {path.stem for path in FILES} == ASSIGNMENTS.keys() == SOLUTIONS.keys()
    assert all(checks_of(name).is_file() for name in ASSIGNMENTS)
    text = (FOLDER / "README.md").read_text()
    assert all(f"]({name}.py)" in text for name in ASSIGNMENTS)


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_librarys_own_layers_get_all_points(name, tmp_path):
    (tmp_path / f"{name}.py").write_text(SOLUTIONS[name])
    marks = grade(tmp_path / f"{name}.py", hidden=True)
    assert marks.passed, str(marks)
    assert marks.points == marks.possible >= 10
    assert sum(not result.hidden for result in marks.results) >= 5


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.slow), pytest.param(5, marks=pytest.mark.slow)])
def test_solutions_with_loops_get_all_points(name, seed, monkeypatch, tmp_path):
    monkeypatch.setattr(student, "Process", Local)
    (tmp_path / f"{name}.py").write_text(solved(name))
    marks = grade(tmp_path / f"{name}.py", hidden=True, seed=seed)
    assert marks.passed, str(marks)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_as_handed_out_gets_no_point(path, monkeypatch):
    monkeypatch.setattr(student, "Process", Local)
    marks = grade(path)
    assert marks.points == 0
    known = ("yours to write", "not filled in", "is wrong, worst at", "right is")
    assert all(any(text in result.hint for text in known) for result in marks.results)


MENDED = {
    "dense": ("dy.mean(axis=0)", "dy.sum(axis=0)"),
    "softmax cross entropy": ("np.exp(log_p) - onehot", "(np.exp(log_p) - onehot) / len(onehot)"),
    "conv": ("dpadded[:, :, :H, :W]", "dpadded[:, :, self.pad : self.pad + H, self.pad : self.pad + W]"),
    "max pool": ("+ j] = dy", "+ j] += dy"),
    "lrn": ("alpha / n, beta", "alpha, beta"),
    "dropout": ("np.array(self.p", "np.array(1 - self.p"),
    "descend": ("v -= decay * w", "v -= lr * decay * w"),
}


@pytest.mark.slow
def test_each_bug_is_mended_by_one_change(monkeypatch, tmp_path):
    monkeypatch.setattr(student, "Process", Local)
    path, text = tmp_path / "bug_hunt.py", (FOLDER / "bug_hunt.py").read_text()
    for number, (check, (wrong, right)) in enumerate(MENDED.items(), 1):
        assert text.count(wrong) == 1
        text = text.replace(wrong, right)
        path.write_text(text)
        marks = grade(path)
        assert next(result for result in marks.results if result.check == check).passed
        assert sum(result.passed for result in marks.results) == number
    assert grade(path, hidden=True).passed


@pytest.mark.parametrize("checks", LAYERS, ids=lambda module: module.__name__.split(".")[-1])
def test_the_numbers_worked_by_hand_are_those_of_the_library(checks):
    example, rng = checks.BY_HAND, np.random.default_rng(0)
    theirs = example.theirs(rng)
    np.testing.assert_allclose(theirs.value().squeeze(), np.squeeze(example.right["y"]), rtol=1e-12)
    theirs.forward()
    gradients = {"x": theirs.backward(example.upstream(theirs, rng))} | theirs.layer.grads
    assert example.right.keys() - {"y"} == gradients.keys()
    for key, gradient in gradients.items():
        np.testing.assert_allclose(gradient, example.right[key], rtol=1e-12, atol=1e-15)

"""`minialex grade` and the checks as plain pytest files: tables, JSON, exit statuses, options."""

import json
import os
import subprocess
import sys

import pytest
from console import refused, run
from grading.local import Local
from grading.students import changed, solved

from minialex.grading import Limits, Marks, Result, grade, student
from minialex.grading.assignments import assignment_of
from minialex.grading.order import Order


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A working directory with a right and a wrong submission, which run in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(student, "Process", Local)
    (tmp_path / "relu.py").write_text(solved("relu"))
    (tmp_path / "smith_relu.py").write_text(changed("relu", ("x > 0", "dy > 0")))
    return tmp_path


def test_a_table_and_status_0(capsys, folder):
    status, out, err = run(capsys, "grade", "relu.py", "--seed", "7")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "relu.py: relu"
    assert lines[2] == "passed  forward [by hand]                         2 of 2"
    assert lines[-1] == "5 of 5 checks passed, 9 of 9 points; seed 7"


def test_hints_and_status_1(capsys, folder):
    status, out, _ = run(capsys, "grade", "relu.py", "smith_relu.py", "--hidden")
    assert status == 1
    assert "FAILED  gradient of x [vectors]                   0 of 2\n        smith_relu.py:" in out
    assert "masked by dy: where dy > 0 in place of where x > 0?" in out
    assert "forward [maps] (hidden)" in out
    assert out.splitlines()[-1] == "1 of 2 files passed, 26 of 34 points"


def test_json_alone_on_standard_output(capsys, folder):
    (folder / "relu.py").write_text(f"print('noise')\n{solved('relu')}")
    status, out, _ = run(capsys, "grade", "relu.py", "smith_relu.py", "--json", "--seed", "1")
    marks = json.loads(out.removeprefix("noise\n"))  # which only a submission in this process can print here
    assert (status, marks["passed"], marks["points"], marks["possible"]) == (1, False, 14, 18)
    first, second = marks["submissions"]
    assert first.keys() == {"file", "assignment", "passed", "points", "possible", "seed", "checks"}
    assert (first["passed"], second["passed"], second["assignment"], second["seed"]) == (True, False, "relu", 1)
    failed = [check for check in second["checks"] if not check["passed"]]
    assert [check["points"] for check in failed] == [0, 0]
    assert all(check["hint"] and check["possible"] == 2 and not check["hidden"] for check in failed)


@pytest.mark.parametrize(("message", "arguments"), [
    ("absent.py: expected a Python file, got no such file", ["relu.py", "absent.py"]),
    ("mine.py: expected a Python file, got no such file", ["relu.py", "--checks", "mine.py"]),
    ("other.py: expected one of relu, dense, ", ["other.py"]),
    ("in the file's name, got several", ["relu_dense.py"]),
    ("--assignment: expected one of relu, dense, ", ["relu.py", "--assignment", "rellu"]),
    ("expected an integer >= 0, got '-1'", ["relu.py", "--seed", "-1"]),
    ("expected a number > 0, got '0'", ["relu.py", "--seconds", "0"]),
])  # fmt: skip
def test_wrong_arguments_are_status_2(capsys, folder, message, arguments):
    for name in ("other.py", "relu_dense.py"):
        (folder / name).write_text(solved("relu"))
    refused(capsys, 2, message, "grade", *arguments)


def test_without_pytest_one_line_names_the_extra(capsys, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pytest", None)
    message = 'expected pytest, which runs the checks, got none; pip install "minialex[grade]"'
    refused(capsys, 1, message, "grade", "relu.py")


@pytest.mark.parametrize(("name", "assignment"), [
    ("relu", "relu"), ("smith_relu", "relu"), ("Max-Pool (2)", "max_pool"), ("12_smith.conv", "conv"),
    ("my net", "net"),
])  # fmt: skip
def test_the_assignment_is_in_the_files_name(tmp_path, name, assignment):
    assert assignment_of(tmp_path / f"{name}.py") == assignment
    assert assignment_of(tmp_path / f"{name}.py", "lrn") == "lrn"


OWN = """
import numpy as np
import pytest
from minialex.gradcases import Maker

@pytest.mark.points(5)
def test_of_my_own(student):
    y = student.layer(Maker("ReLU")).forward(np.array([[-1.0, 2.0]]))
    np.testing.assert_array_equal(y, [[0, {value}]])
"""


@pytest.mark.parametrize(("value", "points"), [(2, 14), (3, 9)])
def test_checks_of_a_teachers_own(folder, value, points):
    (folder / "test_own.py").write_text(OWN.format(value=value))
    marks = grade("relu.py", checks=[folder / "test_own.py"])
    assert (marks.points, marks.possible) == (points, 14)
    assert marks.results[-1].check == "of my own"
    assert points == 14 or "AssertionError" in marks.results[-1].hint


def test_checks_that_cannot_run_are_an_error_not_a_mark(capsys, folder):
    (folder / "test_own.py").write_text("import absent_module\n")
    refused(capsys, 1, "the checks could not be run", "grade", "relu.py", "--checks", "test_own.py")
    (folder / "test_own.py").write_text("x = 1\n")
    refused(capsys, 1, "the checks could not be run", "grade", "relu.py", "--checks", "test_own.py")
    (folder / "test_own.py").write_text("def test_x(student): student.check(None, 'y')\n")
    assert not grade("relu.py", checks=[folder / "test_own.py"]).passed


def test_no_check_is_not_passing(tmp_path):
    assert not Marks(tmp_path / "relu.py", "relu", 0, []).passed
    assert not Marks(tmp_path / "relu.py", "relu", 0, [Result("a", True, 1), Result("b", False, 1)]).passed


def test_the_same_seed_gives_the_same_inputs(folder):
    one, two, three = (grade("smith_relu.py", seed=seed).as_dict()["checks"] for seed in (1, 1, 2))
    assert one == two != three


def pytest_alone(folder, *arguments, **environment):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", *arguments]
    root = os.path.dirname(os.path.dirname(sys.modules["minialex"].__file__))
    variables = {**os.environ, "PYTHONPATH": root, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)


def test_the_checks_are_pytest_files(folder):
    """As nbgrader, Otter and GitHub Classroom run them: by name, a submission beside, or in a variable."""
    ended = pytest_alone(folder, "minialex.grading.checks.test_relu", "-m", "not hidden")
    assert ended.returncode == 0, ended.stdout
    assert "5 passed, 4 deselected" in ended.stdout
    ended = pytest_alone(folder, "minialex.grading.checks.test_relu", MINIALEX_SUBMISSION="smith_relu.py")
    assert ended.returncode == 1
    assert "masked by dy: where dy > 0 in place of where x > 0?" in ended.stdout
    assert "4 failed, 5 passed" in ended.stdout
    assert "minialex/grading/student.py" not in ended.stdout, "no lines of the checker"


def test_a_variable_that_names_no_file_is_an_error(folder):
    with pytest.raises(FileNotFoundError, match=r"^MINIALEX_SUBMISSION: expected a Python file, got conv.py, which is"):
        Order.from_environment("conv")


def test_limits_are_plain_numbers():
    assert Limits() == (20.0, 2048)

"""Submissions that try to pass without a solution, or to harm the grader: they fail, and it goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from grading.students import changed, solved

import minialex
from minialex.grading import Limits, grade

PACKAGE = Path(minialex.__file__).parent
FORWARD = "return np.maximum(x, 0)"


def relu(forward: str, top: str = "") -> str:
    """Return the solution with other code in forward, and before the class."""
    text = changed("relu", (FORWARD, forward))
    return text.replace("class ReLU", f"{top}\n\nclass ReLU")


@pytest.fixture
def graded(tmp_path):
    """A function that grades a text as relu.py."""

    def run(text, **settings):
        (tmp_path / "relu.py").write_text(text)
        return grade(tmp_path / "relu.py", seed=0, **settings)

    return run


def nothing_passed(marks, hint=""):
    assert marks.results
    assert not [result for result in marks.results if result.passed]
    assert all(result.hint for result in marks.results)
    assert hint in str(marks)
    return True


ENDS = {
    "os._exit(0)": "Python ended with exit status 0 before it answered: remove os._exit() and the like",
    "sys.exit(0)": "SystemExit: 0; nothing was checked: remove the call that ends Python",
    "raise GeneratorExit": "GeneratorExit",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "signal.raise_signal(signal.SIGKILL)": "Python was ended by signal 9",
}


@pytest.mark.parametrize("end", ENDS)
def test_ending_early_is_not_passing(graded, end):
    top = f"import os, signal, sys\n{end}\n"
    assert nothing_passed(graded(relu(FORWARD, top)), ENDS[end])


@pytest.mark.parametrize("end", [pytest.param(end, marks=pytest.mark.slow) for end in ENDS])
def test_ending_in_forward_is_not_passing(graded, end):
    assert nothing_passed(graded(relu(end, "import os, signal, sys")), ENDS[end])


def test_ending_in_backward_leaves_what_forward_has_earned(graded):
    marks = graded(changed("relu", ("return np.where(x > 0, dy, 0)", "import os; os._exit(0)")))
    assert [result.passed for result in marks.results] == [True, True, False, False, False]


def test_a_loop_that_does_not_end_is_ended(graded):
    marks = graded(relu("while True: pass"), limits=Limits(seconds=1))
    assert "not ready after 1 seconds: a loop that does not end?" in str(marks)
    assert not marks.passed


def test_memory_is_limited(graded):
    assert nothing_passed(graded(relu("return [np.empty(2**28) for _ in range(99)]"), limits=Limits(megabytes=900)))


def test_a_crash_of_the_interpreter_is_a_failure(graded):
    beyond = "np.lib.stride_tricks.as_strided(np.zeros(1), (2**40,))[2**39]"
    assert nothing_passed(graded(relu(f"return x + {beyond}")), "Python was ended by signal 11")


FLOOD = "import os\nfor d in range(3, 40):\n    try: os.write(d, {})\n    except OSError: pass"


@pytest.mark.parametrize("data", ["b'x' * 5000", "(2).to_bytes(8, 'little') + b'[]'", "b'\\xff' * 8"])
def test_what_it_writes_into_the_pipe_is_no_answer(graded, data):
    assert nothing_passed(graded(relu(FORWARD, FLOOD.format(data))))


def test_a_flood_of_answers_is_not_collected(graded):
    top = """
import io, os
from minialex.grading.frames import write_frame
frame = io.BytesIO()
write_frame(frame, {"type": "ndarray", "states": []}, {"value": np.zeros(2**20)})
def flood():
    for d in range(3, 40):
        try:
            while True: os.write(d, frame.getvalue())
        except OSError: pass
"""
    assert nothing_passed(graded(relu("flood(); return x", top), limits=Limits(seconds=2)))


def test_an_answer_that_it_writes_itself_is_compared_like_any_other(graded):
    """The right form with wrong numbers, ahead of each true answer."""
    top = (
        "import os, sys\nfrom minialex.grading.frames import write_frame\n"
        "def forge():\n    for d in range(3, 40):\n"
        "        try: write_frame(os.fdopen(d, 'wb', closefd=False), {'type': 'ndarray', 'states': []},"
        " {'value': np.zeros((3, 8))})\n        except OSError: pass"
    )
    marks = graded(relu("forge(); return 0 * x", top), limits=Limits(seconds=3))
    assert {result.check for result in marks.results if result.passed} <= {"no side effects"}  # wrong numbers have none


EMPTY = """
from minialex.grading.child import held, serve
held.result = lambda value: ("ndarray", {"value": np.zeros(0)})
held.gradients = lambda layer: {}
serve.Server._call = lambda self, message, arrays: ({"type": "NoneType"}, {name: np.zeros(0) for name in "wvg"})
def descend(*args, **numbers): pass
"""


def test_arrays_without_elements_are_not_equal_to_others(graded):
    assert nothing_passed(graded(relu(FORWARD, EMPTY)))
    assert nothing_passed(graded(relu(FORWARD, EMPTY), assignment="update_rule"))


def test_monkeypatching_changes_nothing_here(graded):
    top = """
import sys
import pytest
import numpy.testing
from minialex.tutor import verdict
pytest.fail = lambda *a, **k: None
np.testing.assert_allclose = np.allclose = lambda *a, **k: True
verdict.Verdict.right = property(lambda self: True)
np.max = np.abs = lambda *a, **k: 0.0
np.ndarray = object
"""
    marks = graded(relu("return 0 * x", top))
    assert not [result for result in marks.results if result.passed and "forward" in result.check]
    assert np.max(np.abs([1])) == 1


def test_a_file_beside_it_has_no_say(graded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conftest.py").write_text("def pytest_runtest_call(item): item.obj = lambda **k: None\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (tmp_path / "numpy.py").write_text("raise ImportError\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("PYTEST_PLUGINS", "conftest")
    assert graded(solved("relu")).passed
    assert not graded(relu("return 0 * x")).passed


def test_a_hint_cannot_forge_a_line_of_the_table(graded):
    forged = "\\npassed  forward\\x1b[1A\\r100 of 100 points" * 99
    marks = graded(relu(f"raise ValueError('{forged}')"))
    assert nothing_passed(marks)
    assert all("\n" not in one.hint and one.hint.isprintable() and len(one.hint) < 450 for one in marks.results)


@pytest.mark.parametrize("text", ["(" * 5000, "\0", f"x = {'-' * 50_000}1", "def relu(:", "\xff\xfe"])
def test_a_file_that_is_no_python_fails(graded, text):
    assert nothing_passed(graded(text))


def test_objects_in_place_of_arrays(graded):
    assert nothing_passed(graded(relu("return np.array([[self] * 8] * 3)")), "forward returned object for a float64 x")
    assert nothing_passed(graded(relu("return x.tolist()")), "forward returned a list: return one array")


def test_random_inputs_are_new_each_time(graded, tmp_path):
    seeds = {grade(tmp_path / "relu.py").seed for _ in range(2) if (tmp_path / "relu.py").write_text(solved("relu"))}
    assert len(seeds) == 2


def test_secrets_of_the_environment_do_not_reach_it(graded, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    assert graded(relu(FORWARD, "import os\nassert 'GITHUB_TOKEN' not in os.environ")).passed


def test_the_command_in_a_folder_of_traps(tmp_path):
    """The script `minialex` does not look for modules in the working directory."""
    (tmp_path / "relu.py").write_text(relu("return 0 * x"))
    for trap in ("json", "pytest", "numpy", "sitecustomize"):
        (tmp_path / f"{trap}.py").write_text("import os\nos._exit(0)\n")
    script = "import sys; from minialex.cli import main; sys.exit(main(['grade', 'relu.py', '--json']))"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-P", "-c", script]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1, ended.stderr
    assert json.loads(ended.stdout)["passed"] is False

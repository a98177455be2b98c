"""Files that check nothing do not pass; what a file prints, raises or ends is reported with its line."""

import pytest
from console import refused, run

SQUARE = """
import os, sys
from minialex import Layer
class Square(Layer):
    def forward(self, x):
        self.remember(x)
        return x * x
    def backward(self, dy):
        {body}
def example(rng):
    return Square(), rng.standard_normal((2, 3))
"""
RIGHT = "return 2 * self.recall() * dy"


@pytest.fixture
def checked(capsys, tmp_path):
    """A function that checks a file with this text, and returns status, output and errors."""

    def check(text, *options):
        (tmp_path / "mine.py").write_text(text)
        return run(capsys, "gradcheck", tmp_path / "mine.py", *options)

    return check


@pytest.mark.parametrize(
    "end", ["os._exit(0)", "sys.exit(0)", "raise SystemExit", "os.kill(os.getpid(), 9)", "exit(0)"]
)
def test_ending_python_is_not_passing(checked, end):
    status, _, err = checked(SQUARE.format(body=RIGHT) + end)
    assert status == 1
    assert "mine.py: expected" in err
    assert "remove" in err
    status, out, err = checked(SQUARE.format(body=f"{end}; {RIGHT}"))
    assert status == 1
    assert "remove" in out + err


@pytest.mark.parametrize("error", ["GeneratorExit", "BaseException", "type('Mine', (BaseException,), {})"])
def test_an_error_that_is_no_exception_is_one_line(checked, error):
    for text in (SQUARE.format(body=RIGHT) + f"raise {error}", SQUARE.format(body=f"raise {error}")):
        status, _, err = checked(text)
        assert status == 1
        assert "mine.py: expected the results of all checks, got a" in err
        assert "Traceback" not in err


def test_ending_python_after_the_first_of_two_cases_is_not_passing(checked):
    text = SQUARE.format(
        body="self.n = getattr(self, 'n', 0) + 1\n        if x_is_large(dy): os._exit(0)\n        " + RIGHT
    )
    text += "\ndef x_is_large(dy): return dy.size > 6\n"
    text = text.replace("return Square(), rng", "return {'a': (Square(), rng.random((2, 3))), 'b': (Square(), rng")
    status, out, err = checked(text.replace("((2, 3))\n\ndef", "((3, 3)))}\n\ndef"))
    assert "right  Square, a" in out
    assert (status, "before all was checked" in err) == (1, True)


@pytest.mark.parametrize("rest", ["def example(rng): return {}", "def example(rng): return []", "example = None"])
def test_no_case_is_not_passing(checked, rest):
    status, out, err = checked(SQUARE.format(body=RIGHT) + rest)
    assert status == 1
    assert "mine.py: expected" in err
    assert "0 of 0" not in out


def test_no_gradient_is_not_passing(checked):
    text = SQUARE.format(body="return None").replace(
        "return Square(),", "layer = Square()\n    layer.input_gradient = False\n    return layer,"
    )
    status, out, _ = checked(text)
    assert status == 1
    assert "no gradient to check: no params, and backward need not return dx" in out


def test_x_without_elements_is_not_passing(checked):
    status, out, _ = checked(SQUARE.format(body=RIGHT).replace("(2, 3)", "(0, 3)"))
    assert (status, "at least one" in out) == (1, True)


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("expected one of Conv2D", [""]),
        ("did you mean 'LRN'?", ["LRM"]),
        ("--like: expected one of", ["mine.py", "--like", "Conv"]),
        ("minialex gradcheck FILE.py --like LAYER", ["--like", "Conv2D"]),
        ("--all is for our layers", ["mine.py", "--all"]),
        ("did you mean mine.py?", ["mine"]),
    ],
)
def test_wrong_arguments(capsys, monkeypatch, tmp_path, message, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(SQUARE.format(body=RIGHT))
    refused(capsys, 2, message, "gradcheck", *arguments)


def test_debug_shows_the_traceback_of_the_students_code(checked):
    text = SQUARE.format(body="return self.z * dy")
    status, out, err = checked(text)
    assert (status, err) == (1, "")
    assert "mine.py:9, in backward: AttributeError" in out
    status, out, err = checked(text, "--debug")
    assert status == 1
    assert "Traceback" in err
    assert "return self.z * dy" in err
    with pytest.raises(ValueError, match=r"mine.py:12") as error:
        checked(SQUARE.format(body=RIGHT) + "1 / 0", "--debug")
    assert "ZeroDivisionError" in "".join(error.value.__notes__)


def test_what_the_file_prints_is_not_read_as_a_result(checked):
    status, out, _ = checked("print('\"done\"')\n" + SQUARE.format(body=f"print('here'); {RIGHT}"))
    assert (status, "1 of 1 gradients are right" in out) == (0, True)


def test_modules_beside_the_file_can_be_imported(checked, tmp_path):
    (tmp_path / "helper_of_mine.py").write_text("def double(x):\n    return 2 * x.z\n")
    body = "import helper_of_mine; return helper_of_mine.double(self.recall()) * dy"
    status, out, _ = checked(SQUARE.format(body=body))
    assert status == 1
    assert "helper_of_mine.py:2, in double: AttributeError" in out
    (tmp_path / "helper_of_mine.py").write_text("def double(x):\n    return 2 * x\n")
    assert checked("import helper_of_mine\n" + SQUARE.format(body=body))[0] == 0
    assert not list(tmp_path.glob("__pycache__/mine*"))


def test_expected_values(checked):
    right = SQUARE.format(body=RIGHT)
    same = "\ndef expected(rng): return rng.standard_normal((2, 3)) ** 2"
    assert checked(right + same)[0] == 0
    status, out, _ = checked(right + same + " * 1.01")
    assert status == 1
    assert "forward" in out
    assert "1 of 2 gradients and outputs are right, 1 WRONG" in out
    status, out, _ = checked(right + "\ndef expected(rng): return [1, 2]")
    assert (status, "forward returned shape (2, 3), expected(rng) has (2,)" in out) == (1, True)
    status, _, err = checked(right + "\ndef expected(rng): return {'exampel': 1}")
    assert (status, "did you mean 'example'?" in err) == (1, True)
    status, _, err = checked(right + "\ndef expected(rng): return 1 / 0")
    assert (status, "ZeroDivisionError" in err) == (1, True)
    assert checked("from minialex.checks import expected\n" + right)[0] == 0

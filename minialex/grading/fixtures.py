"""What the checks need of pytest: the fixture `student`, the marks `points` and `hidden`, hints without a traceback.

    MINIALEX_SUBMISSION=relu.py python -m pytest --pyargs minialex.grading.checks.test_relu

Without that variable a check file test_NAME.py checks NAME.py in the working directory.
"""

from collections.abc import Iterator, Sequence

import pytest

from minialex.grading.order import Order
from minialex.grading.setting import Setting
from minialex.grading.student import Student
from minialex.grading.wording import sentence
from minialex.tutor.verdict import Mistake

ORDER = pytest.StashKey[Order]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "points(n): what a check is worth (1)")
    config.addinivalue_line("markers", "hidden: left out unless the teacher asks for it")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Run a check; a mistake of the submission is a failure that shows its hint, and no line of the checker."""
    student = pyfuncitem.funcargs.get("student")
    if isinstance(student, Student):
        student.process.begin()
    try:
        return (yield)
    except Mistake as mistake:
        hint = sentence(mistake)
    pytest.fail(hint, pytrace=False)


@pytest.fixture(scope="module")
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """Return the submission; a check file may say `ALSO`, the modules that it may import, and `QUIET`, for a hunt."""
    order = request.config.stash.get(ORDER, None) or Order.from_environment(request.path.stem.removeprefix("test_"))
    module = request.module
    also, quiet = getattr(module, "ALSO", ()), getattr(module, "QUIET", False)
    student = Student(order.path, order.seed, order.limits, also, show=order.show, quiet=quiet)
    yield student
    student.process.end()


def over(settings: Sequence[Setting], *keys: str):
    """Return the mark that runs a check at every setting, for each of these arrays: "y", "x", "W", "b"."""
    return pytest.mark.parametrize(("setting", "key"), [
        pytest.param(one, key, id=f"{key}, {one.name}" if len(keys) > 1 else one.name,
                     marks=[pytest.mark.hidden] if one.hidden else [])
        for one in settings for key in keys
    ])  # fmt: skip

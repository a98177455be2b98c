"""Grading: the checks of an assignment, run by pytest in this process, which never imports the submission."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from minialex.checks import expected
from minialex.grading.assignments import assignment_of, checks_of
from minialex.grading.limits import Limits
from minialex.grading.marks import Marks, Result
from minialex.grading.order import Order, any_seed

OUR_OWN = {"PYTEST_ADDOPTS": None, "PYTEST_PLUGINS": None, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
OPTIONS = (  # no file of the working directory has a say in how the checks run
    "--noconftest", "--capture=no", "--import-mode=importlib", "-q", "-p", "no:cacheprovider", "-p", "no:faulthandler",
    "-p", "no:warnings", "-p", "no:doctest", "-p", "no:unraisableexception", "-p", "no:threadexception",
    "-p", "minialex.grading.fixtures",
)  # fmt: skip


def grade(
    path: Path | str, *, assignment: str | None = None, hidden: bool = False, seed: int | None = None,
    limits: Limits = Limits(), checks: Sequence[Path] = (), show: bool = False,
) -> Marks:  # fmt: skip
    """Grade one submission.

    Args:   assignment, its name (None: from the file's name); hidden, whether hidden checks run too; seed, of the
            random inputs (None: a new one each time, which the marks name); checks, pytest files of the teacher's own,
            run after ours; show, whether the submission may print.
    Errors: ValueError for a name that is no assignment's; FileNotFoundError; RuntimeError without pytest.
    """
    path = Path(path)
    for file in (path, *checks):
        if not file.is_file():
            raise expected(file, "a Python file", "no such file", "check the name", FileNotFoundError)
    name = assignment_of(path, assignment)
    seed = any_seed() if seed is None else seed
    files = [checks_of(name), *(file.resolve() for file in checks)]
    return Marks(path, name, seed, results(files, path, seed, limits, hidden=hidden, show=show))


def results(files: Sequence[Path], path: Path, seed: int, limits: Limits, *, hidden: bool, show: bool) -> list[Result]:
    """Return the result of every check in these files."""
    try:
        import pytest  # late: an extra of this package
    except ImportError as error:
        what, got = "pytest, which runs the checks", "none"
        raise expected("grade", what, got, 'pip install "minialex[grade]"', RuntimeError) from error
    from minialex.grading.collecting import Collector  # late: it needs pytest

    collector, said = Collector(Order(path, seed, limits, show), hidden=hidden), StringIO()
    with tempfile.TemporaryDirectory() as folder, environment(OUR_OWN), redirect_stdout(said), redirect_stderr(said):
        settings = Path(folder) / "pytest.ini"
        settings.write_text("[pytest]\n")
        where = [f"--config-file={settings}", f"--rootdir={folder}", f"--basetemp={folder}/files"]
        arguments = [*OPTIONS, *where, *map(str, files)]
        status = pytest.main(arguments, plugins=[collector])
    forget(files)
    if collector.stopped:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or collector.missing(files):
        raise RuntimeError(f"the checks could not be run: {errors_in(said.getvalue())}")
    return collector.results


def errors_in(text: str) -> str:
    """Return the errors in pytest's output; where there are none, its end: a file without checks."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return "; ".join(errors or [*lines[-1:], "has each file checks?"])


def forget(files: Sequence[Path]) -> None:
    """Forget the modules of check files, which may have changed when they are run again."""
    names = {str(file) for file in files}
    for name in [name for name, module in sys.modules.items() if getattr(module, "__file__", None) in names]:
        del sys.modules[name]


@contextmanager
def environment(changes: dict[str, str | None]) -> Iterator[None]:
    """Set environment variables, or take them away (None), and put them back afterwards."""
    before = {name: os.environ.get(name) for name in changes}
    set_all(changes)
    try:
        yield
    finally:
        set_all(before)


def set_all(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value

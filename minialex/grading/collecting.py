"""Collector: the plugin by which `minialex grade` tells pytest what to check, and reads the results."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from minialex.grading.fixtures import ORDER
from minialex.grading.marks import Result
from minialex.grading.order import Order
from minialex.grading.plain import plain


class Collector:
    """The results of all checks, in their order, read from pytest's own reports."""

    def __init__(self, order: Order, *, hidden: bool):
        self.order, self.hidden, self.stopped = order, hidden, False
        self._checks: dict[str, Result] = {}  # by pytest's name; passed is False until it is reported
        self._reported: set[str] = set()
        self._files: set[Path] = set()

    @property
    def results(self) -> list[Result]:
        """The result of each check."""
        return list(self._checks.values())

    def missing(self, files: Iterable[Path]) -> bool:
        """Tell whether there is a check without a report, or a file without checks."""
        return self._reported != self._checks.keys() or not {file.resolve() for file in files} <= self._files

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[ORDER] = self.order

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo) -> None:
        self.stopped = excinfo.type is KeyboardInterrupt  # pytest has another one for files that cannot be read

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave hidden checks out unless they are asked for, and note the others."""
        self._files = {item.path.resolve() for item in items}
        items[:] = [item for item in items if self.hidden or not item.get_closest_marker("hidden")]
        for item in items:
            points = item.get_closest_marker("points")
            hidden = item.get_closest_marker("hidden") is not None
            self._checks[item.nodeid] = Result(check_name(item), False, points.args[0] if points else 1, hidden)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            hint = "" if report.passed else plain(last_line(report))
            passed = report.passed and not self._checks[report.nodeid].hint
            self._checks[report.nodeid] = self._checks[report.nodeid]._replace(passed=passed, hint=hint)
            self._reported.add(report.nodeid)


def check_name(item: pytest.Item) -> str:
    """Return the name of a check for people: "gradient [W, 3x3, pad 1]"."""
    function, _, setting = item.name.partition("[")
    name = function.removeprefix("test_").replace("_", " ")
    return f"{name} [{setting}" if setting else name


def last_line(report: pytest.TestReport) -> str:
    """Return the hint of a failed check; of an error that is none of the submission's, its last line."""
    lines = str(report.longrepr).strip().splitlines()
    errors = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
    return errors[0] if errors else lines[-1] if lines else "skipped"

"""The lines of a submission, which hints name: it is neither imported nor compiled in the grader's process."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace


def with_lines(method: Callable, path: Path, line: int) -> Callable:
    """Return a method that `inspect` takes for the one that begins in this line of a submission (0: in none)."""

    def standing_in(self, *arguments):
        return method(self, *arguments)

    if line > 0:
        code = method.__code__.replace(co_filename=str(path.absolute()), co_firstlineno=line)
        standing_in.__wrapped__ = SimpleNamespace(__code__=code)  # type: ignore[attr-defined]
    return standing_in

"""Marks: the results of a submission's checks, as a table and as plain data."""

from pathlib import Path
from typing import Any, NamedTuple

WIDTH = 40  # of a check's name


class Result(NamedTuple):
    """One check: passed or not, its points, and a hint where it failed."""

    check: str
    passed: bool
    points: int  # possible ones
    hidden: bool = False
    hint: str = ""


class Marks(NamedTuple):
    """All checks of one submission."""

    path: Path
    assignment: str
    seed: int
    results: list[Result]

    @property
    def points(self) -> int:
        """The points reached."""
        return sum(result.points for result in self.results if result.passed)

    @property
    def possible(self) -> int:
        """The points that these checks give at most."""
        return sum(result.points for result in self.results)

    @property
    def passed(self) -> bool:
        """Whether there are checks, and all of them passed."""
        return bool(self.results) and all(result.passed for result in self.results)

    def as_dict(self) -> dict[str, Any]:
        """Return the marks as data that JSON can hold."""
        checks = [{"check": one.check, "passed": one.passed, "points": one.points if one.passed else 0,
                   "possible": one.points, "hidden": one.hidden, "hint": one.hint}
                  for one in self.results]  # fmt: skip
        return {"file": str(self.path), "assignment": self.assignment, "passed": self.passed, "points": self.points,
                "possible": self.possible, "seed": self.seed, "checks": checks}  # fmt: skip

    def __str__(self) -> str:
        lines = [f"{self.path}: {self.assignment}", f"        {'check':<{WIDTH}}  points"]
        told = ""
        for one in self.results:
            name = f"{one.check} (hidden)" if one.hidden else one.check
            got = one.points if one.passed else 0
            lines.append(f"{'passed' if one.passed else 'FAILED'}  {name:<{WIDTH}}  {got} of {one.points}")
            lines += [f"        {'(the same)' if one.hint == told else one.hint}"] if one.hint else []
            told = one.hint
        right = sum(one.passed for one in self.results)
        total = f"{right} of {len(self.results)} checks passed, {self.points} of {self.possible} points"
        return "\n".join([*lines, f"{total}; seed {self.seed}"])

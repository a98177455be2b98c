"""Verdict: what the check of a layer reports, one line each, with the advice below it."""

from typing import NamedTuple

from minialex.gradcheck import Comparison


class Verdict(NamedTuple):
    """The result for one gradient, or for one promise that a layer makes: right, WRONG, or a note."""

    kind: str
    case: str
    variable: str  # "x", "W", ...; "" for a promise
    text: str
    advice: str = ""  # where, and what to do
    traceback: str = ""

    @property
    def right(self) -> bool:
        """Whether nothing is wrong: notes are no verdict on a gradient, but do not fail either."""
        return self.kind != "WRONG"

    def __str__(self) -> str:
        if self.variable:
            line = f"{self.kind:<5}  {self.case:<38}  {self.variable:<6}  {self.text}"
        else:
            line = f"{self.kind:<5}  {self.case}: {self.text}"
        return f"{line}\n       {self.advice}" if self.advice else line


class Mistake(Exception):
    """A mistake after which the other checks of a case have no meaning.

    Args:   place, file and line in the student's code; "" where there is none.
    """

    def __init__(self, text: str, place: str = ""):
        super().__init__(text)
        self.place = place


def promise_broken(case: str, text: str, place: str = "") -> Verdict:
    """Return the verdict on a promise that does not hold: "my_layer.py:14: forward writes into x ..."."""
    return Verdict("WRONG", case, "", f"{place}: {text}" if place else text)


def compared(case: str, name: str, result: Comparison, words: tuple[str, str], tolerance: float) -> Verdict:
    """Return the verdict on a comparison; `words` name its two sides, "backward" and "differences"."""
    error = f"{result.error:8.1e}"
    if result.error <= tolerance:
        return Verdict("right", case, name, error)
    index = ", ".join(map(str, result.worst))
    ours, theirs = (f"{word} {value:.6g}" for word, value in zip(words, (result.ours, result.numeric), strict=True))
    return Verdict("WRONG", case, name, f"{error}  worst at [{index}]: {ours}, {theirs}")

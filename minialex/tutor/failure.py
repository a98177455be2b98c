"""An error that a student's code raised, as a verdict: its place in the file, the error, and advice."""

import re
from pathlib import Path
from traceback import format_exception, walk_tb

from minialex.tutor.advice import advice_on
from minialex.tutor.location import frame_of, place_of, place_of_method
from minialex.tutor.verdict import Mistake, Verdict, promise_broken


def failure(case: str, error: BaseException, path: Path | None, layer=None, place: str = "") -> Verdict:
    """Return the verdict on a case whose code raised an error.

    Args:   place, that of the example, for an error that points at no line of the student's.
    """
    if isinstance(error, Mistake):
        return promise_broken(case, str(error), error.place or place)
    place = place_of(error, path) or called_wrongly(error, layer, path) or place
    return promise_broken(case, told(error, path), place)._replace(traceback="".join(format_exception(error)))


def called_wrongly(error: BaseException, layer, path: Path | None) -> str:
    """Return the place of the method that a TypeError says was called with wrong arguments, or nothing."""
    method = re.search(r"\.(\w+)\(\)", str(error)) if isinstance(error, TypeError) else None
    return place_of_method(layer, method[1], "", path) if method and layer is not None else ""


def told(error: BaseException, path: Path | None) -> str:
    """Return an error as text, with advice where there is some that fits."""
    text = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, SyntaxError):
        text = f"{type(error).__name__}: {error.msg}"
    frame, line = frame_of(error, path) or (None, 0)
    if isinstance(error, NotImplementedError):  # raised by Layer itself, whose frame has the student's layer
        frame, line = list(walk_tb(error.__traceback__))[-1]
    advice = advice_on(error, frame, line)
    return f"{text}; {advice}" if advice else text

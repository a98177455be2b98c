"""A worksheet: a file with numbers to fill in, compared with the right ones and with those of usual mistakes."""

from math import isclose
from typing import NamedTuple

from minialex.grading.student import Student
from minialex.tutor.verdict import Mistake

TOLERANCE = 0.01  # relative, of numbers that people round


class Question(NamedTuple):
    """A number to fill in: the right one, how it is computed, and the numbers of usual mistakes with what to ask."""

    name: str
    right: float | str
    how: str
    usual: tuple[tuple[float | str, str], ...] = ()


def check_answer(student: Student, question: Question) -> None:
    """Check one answer of a worksheet."""
    answer = student.numbers([question.name]).get(question.name)
    if answer is None:
        raise Mistake(f"{question.name} is not filled in, or is no number")
    if same(answer, question.right):
        return
    guesses = [guess for value, guess in question.usual if same(answer, value)]
    raise Mistake(f"{question.name} = {shown(answer)} is not right: {(guesses or [question.how])[0]}")


def same(answer: float | str, value: float | str) -> bool:
    """Tell whether an answer is a value: a text but for case, an integer exactly, another number rounded."""
    if isinstance(answer, str) or isinstance(value, str):
        return str(answer).strip().casefold() == str(value).casefold()
    return answer == value if isinstance(value, int) else isclose(answer, value, rel_tol=TOLERANCE)


def shown(answer: float | str) -> str:
    return repr(answer) if isinstance(answer, str) else f"{answer:.6g}"

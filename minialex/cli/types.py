"""The types of the command line's options: each reads a text, or says what was expected."""

from argparse import ArgumentTypeError
from pathlib import Path

from minialex.checks import is_integer

DIGITS = 1000  # Python reads no integers of more than 4,300


def path(text: str) -> Path:
    """Read a path; an empty text would be the current folder."""
    if not text.strip():
        raise ArgumentTypeError(f"expected a path, got {text!r}")
    return Path(text)


def names(text: str) -> list[str]:
    """Read names, separated by commas."""
    return [name.strip() for name in text.split(",")]


def count(text: str) -> int:
    """Read an integer >= 1."""
    return integer(text, 1)


def seed(text: str) -> int:
    """Read an integer >= 0."""
    return integer(text, 0)


def number_of_ranks(text: str) -> int:
    """Read "ranks:8", an integer >= 2."""
    number = text.removeprefix("ranks:")
    if number == text or not number.isdecimal() or int(number) < 2:
        raise ArgumentTypeError(f"expected ranks:N, N >= 2 processes, such as ranks:8, got {text!r}")
    return int(number)


def rate(text: str) -> float:
    """Read a finite number > 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"expected a number > 0, got {text!r}")
    return number


def fraction(text: str) -> float:
    """Read a number, 0 <= number < 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1:
        raise ArgumentTypeError(f"expected a number, 0 <= number < 1, got {text!r}")
    return number


def init_rule(text: str) -> str | float:
    """Read a rule of initial weights, or their standard deviation."""
    try:
        return text if text in ("he", "xavier") else rate(text)
    except ArgumentTypeError:
        raise ArgumentTypeError(f"expected he, xavier or a number > 0, got {text!r}") from None


def integer(text: str, least: int) -> int:
    """Read an integer >= `least`."""
    number = int(text) if text.isdecimal() and len(text) <= DIGITS else None
    if not is_integer(number, least):
        raise ArgumentTypeError(f"expected an integer >= {least}, got {text[:50]!r}")
    return int(text)

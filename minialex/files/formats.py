"""Formats of this library's own files: each has a number, and one that is not known yet is refused."""

from minialex.checks import expected, is_integer


class Newer(RuntimeError):
    """A file that a newer version of this library has written."""


def check_format(path, number: object, newest: int) -> None:
    """Check that a file is of format 1 to `newest`.

    Errors: Newer, which says to upgrade; ValueError if it is no number of a format.
    """
    if not is_integer(number):
        raise ValueError(f"a format {number!r:.50}")
    if number > newest:  # type: ignore[operator]
        advice = "pip install --upgrade minialex"
        raise expected(path, f"format {newest} or an older one", f"{number}, of a newer version", advice, Newer)

"""Wrong arguments: found before anything is computed, reported as one line with exit status 2."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from minialex.checks import expected

T = TypeVar("T")


class WrongArgument(ValueError):
    """An argument that is wrong in itself, whatever the machine and the files hold: exit status 2."""


def as_wrong_argument(function: Callable[..., T], *arguments) -> T:
    """Call the function; its ValueError becomes a WrongArgument."""
    try:
        return function(*arguments)
    except ValueError as error:
        raise WrongArgument(str(error)) from None


def check_is_folder(path: Path) -> None:
    """Check that a folder exists."""
    if not path.is_dir():
        got = "a file" if path.exists() else "a path that is absent"
        raise expected(path, "a folder", got, "check it", WrongArgument)


def check_picture(path: Path) -> None:
    """Check that a picture with this name can be written."""
    from minialex.plots.figure import format_of  # late: matplotlib takes half a second

    as_wrong_argument(format_of, path)

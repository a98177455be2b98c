"""Prepared files that were damaged or changed: every error of reading one becomes one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from minialex.checks import expected
from minialex.files.formats import Newer


def require(condition: bool, got: str) -> None:
    """Raise an error, to be completed by `one_line_errors`, unless the condition holds."""
    if not condition:
        raise ValueError(got)


@contextmanager
def one_line_errors(path: Path) -> Iterator[None]:
    """Turn every error of reading a prepared file that was damaged or changed into one line."""
    try:
        yield
    except Newer:
        raise
    except FileNotFoundError:
        got = "none"
    except MemoryError:
        got = "one that asks for too much memory"
    except Exception as error:  # ValueError, OSError, KeyError, EOFError, BadZipFile, zlib.error, ...
        got = " ".join(str(error).split())[:300] or type(error).__name__
    else:
        return
    raise expected(path, "a file as `minialex data prepare` writes it", got, "prepare again")

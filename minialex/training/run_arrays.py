"""The npz files of a run: written whole or not at all, read without trusting them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from minialex.checks import expected
from minialex.devices.mpi import is_first
from minialex.files.atomic import sync_folder, whole_file
from minialex.files.formats import Newer, check_format
from minialex.files.plain_npz import read_npz

FORMAT = 2  # of what a file says about itself, and of the names in it; to be increased when older versions misread it
NEW = "start a new run"


def write_arrays(path: Path, arrays: dict[str, np.ndarray], previous: Path | None = None) -> None:
    """Write arrays to an npz file, whole or not at all; it is on the disk when this returns. Of ranks the first does.

    Args:   previous, the name that the old file gets (None: it is removed).
    """
    if not is_first():
        return
    with whole_file(path, previous) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    sync_folder(path.parent)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read all arrays of an npz file; pickles and compressed arrays are refused."""
    try:
        return dict(read_npz(path))
    except FileNotFoundError:
        raise expected(path, "a run's weights", "no such file", "train first", FileNotFoundError) from None
    except MemoryError:
        raise
    except Exception as error:  # damaged files raise all kinds: BadZipFile, EOFError, TokenError, ...
        got = f"something else or a part ({one_line(error)})"
        raise expected(path, "an npz file of arrays", got, NEW) from error


@contextmanager
def file_named(path: Path) -> Iterator[None]:
    """Name the file in errors about its contents, which are ValueErrors of one line."""
    try:
        yield
    except (FileNotFoundError, MemoryError, Newer):
        raise
    except KeyError as error:
        raise expected(path, f"{error} in it", "none", NEW) from None
    except ValueError as error:
        raise ValueError(f"{path}: {' '.join(str(error).split())}") from None
    except Exception as error:  # of contents that are not what they are called: TypeError, AttributeError, ...
        raise expected(path, "what a run writes", one_line(error), NEW) from error


def one_line(error: Exception) -> str:
    """Return an error's text, or its name where it has none, in one line of at most 300 characters."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def about(settings: dict[str, Any] | None, **more: Any) -> np.ndarray:
    """Return the entry that says what a file is."""
    return np.array(json.dumps({"format": FORMAT, "settings": settings, **more}))


def about_in(path: Path, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return what a file says about itself, nothing of format 1; Newer if its format is not known yet."""
    with file_named(path):
        values = json.loads(str(arrays["about"])) if "about" in arrays else {"format": 1}
        if not isinstance(values, dict):
            raise expected("about", "an object", f"a {type(values).__name__}", NEW)
        check_format(path, values.get("format"), FORMAT)
        return values

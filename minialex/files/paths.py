"""Paths that a caller gives."""

import os
from pathlib import Path

from minialex.checks import check_kinds


def as_path(owner: str, path: str | os.PathLike) -> Path:
    """Return the path of a function's argument; ValueError, naming the function, if it is none."""
    check_kinds(owner, str | os.PathLike, "pass the path of a file or folder", path=path)
    return Path(path)

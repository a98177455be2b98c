"""Folders and files of data: where they are looked for, and the error if they are absent."""

import os
from pathlib import Path

from minialex.checks import expected


def data_folders() -> list[Path]:
    """Return the folders in which data is looked for: $MINIALEX_DATA if it is set, and the user's cache."""
    import pooch  # here, so that `import minialex.data` stays light

    chosen = os.environ.get("MINIALEX_DATA")
    return [Path(folder) for folder in (chosen, pooch.os_cache("minialex")) if folder]


def absent_path(path: str | os.PathLike, what: str = "a folder of images") -> FileNotFoundError:
    """Return the error for a path that does not exist."""
    return expected(path, what, "a path that is absent", "check it", FileNotFoundError)

"""What a submission may read: itself, NumPy, Python's standard library, and the part of this library that is allowed.

All other files are out of its reach: our layers, other packages, the submissions of others beside it.
"""

import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.grading.child.library import Library


class Readable(NamedTuple):
    """Files by their whole names, and folders whose files may all be read; their names end with a separator."""

    files: frozenset[str]
    folders: tuple[str, ...]


def readable(library: Library, path: Path) -> Readable:
    """Return what the submission at a path may read.

    The path itself is not among it where it is a link: it could lead to our layers, or to the file of another student.
    """
    standard = [Path(os.__file__).parent / name for name in os.listdir(os.path.dirname(os.__file__))]
    standard = [one for one in standard if not one.name.endswith("-packages")]
    files = {str(one) for one in standard if one.is_file()} | {os.devnull}
    folders = [str(one) for one in standard if one.is_dir()] + [os.path.dirname(np.__file__)]
    folders += [entry for entry in sys.path if os.path.basename(entry) in ("lib-dynload", "DLLs")]
    for source in map(str, library.files()):
        files |= {source, cache_from_source(source)}
    if not path.is_symlink():
        files.add(str(path))
    return Readable(frozenset(files), tuple(folder + os.sep for folder in folders))

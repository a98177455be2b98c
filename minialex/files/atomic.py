"""Files that appear whole or not at all."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from minialex.files.lock import held, lock

PARTIAL = re.compile(r"\..+\.[0-9a-f]{8}\.partial")  # a file that is being written, or was
_searched: set[tuple[int, int]] = set()  # folders, by drive and number

ADVICE = {
    errno.ENOSPC: "make room",
    errno.EFBIG: "choose another drive",
    errno.EROFS: "choose a folder that can be written to",
    errno.EACCES: "choose a folder that you may use",
    errno.EPERM: "choose a folder that you may use",
}


def os_error_message(error: OSError) -> str:
    """Return an OSError as one line with a remedy; errors raised by this library (no errno) are returned unchanged."""
    if error.errno is None or error.filename is None:
        return str(error)
    return f"{error.filename}: {error.strerror}; {ADVICE.get(error.errno, 'check that path')}"


@contextmanager
def whole_file(path: str | os.PathLike, previous: Path | None = None) -> Iterator[IO[bytes]]:
    """Open a binary file to write, which replaces `path` when all went well: readers see the old file or the new one.

    What processes that were killed have left half-written in the folder is removed first.

    Args:   previous, the name that the old file gets (None: it is removed).
    Errors: FileNotFoundError if the folder does not exist; the system's OSError, under the name of `path`.
    """
    path = Path(path)
    if not path.parent.is_dir():
        folder = f"{path.parent}, which is not there"
        raise FileNotFoundError(f"{path}: expected to write into the folder {folder}; create it")
    remove_partial_files(path.parent)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with held(partial, "", "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if os.name == "nt":  # which renames no open file
                file.close()
            if previous is not None:
                set_aside(path, previous)
            os.replace(partial, path)
    except OSError as error:
        if error.errno is not None and error.filename in (None, partial, str(partial)):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        with suppress(OSError):  # not there; or not to be written to, which was said above
            partial.unlink()


def set_aside(path: Path, name: Path) -> None:
    """Give a file another name too, in place of the file that has it; on a drive without links, instead of its own."""
    if not path.exists():  # the first of this name
        return
    link = name.with_name(f".{name.name}.{secrets.token_hex(4)}.partial")
    try:
        os.link(path, link)
        os.replace(link, name)
    except (OSError, AttributeError):  # no os.link at all: a Python in a browser
        os.replace(path, name)
    with suppress(OSError):
        link.unlink()  # still there where both names were of one file already: POSIX renames nothing then


def remove_partial_files(folder: Path) -> None:
    """Remove what killed processes have left half-written in a folder: what no process holds the lock of.

    Looked for once in each folder: a process removes what it leaves itself.
    """
    about = os.stat(folder)
    if (about.st_dev, about.st_ino) in _searched or os.name == "nt":
        return
    _searched.add((about.st_dev, about.st_ino))
    for path in folder.iterdir():
        if PARTIAL.fullmatch(path.name):
            with suppress(OSError), path.open("r+b") as file:
                if lock(file):
                    path.unlink()


def sync_folder(folder: Path) -> None:
    """Wait until the names of a folder's files are on the disk: a file without its name is lost with the power."""
    if os.name == "nt":  # which opens no folders
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network drives refuse it
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text(path: str | os.PathLike, text: str) -> None:
    """Write a text file, UTF-8, that appears whole or not at all."""
    with whole_file(path) as file:
        file.write(text.encode())

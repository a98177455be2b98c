"""Files that appear whole or not at all."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

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
def whole_file(path: str | os.PathLike) -> Iterator[IO[bytes]]:
    """Open a binary file to write, which replaces `path` when all went well: readers see the old file or the new one.

    Errors: FileNotFoundError if the folder does not exist; the system's OSError, under the name of `path`.
    """
    path = Path(path)
    if not path.parent.is_dir():
        folder = f"{path.parent}, which is not there"
        raise FileNotFoundError(f"{path}: expected to write into the folder {folder}; create it")
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        if error.errno is not None and error.filename in (None, partial, str(partial)):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        with suppress(OSError):  # not there; or not to be written to, which was said above
            partial.unlink()


def write_text(path: str | os.PathLike, text: str) -> None:
    """Write a text file, UTF-8, that appears whole or not at all."""
    with whole_file(path) as file:
        file.write(text.encode())

"""Files that appear whole or not at all."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

ADVICE = {
    errno.ENOSPC: "make room", errno.EFBIG: "choose another drive",
    errno.EROFS: "choose a place that may be written to", errno.EACCES: "choose a place that you may use",
    errno.EPERM: "choose a place that you may use",
}  # fmt: skip


def in_words(error: OSError) -> str:
    """The system's error without its number, but with what to do; an error that we made is left as it is."""
    if error.errno is None or error.filename is None:
        return str(error)
    return f"{error.filename}: {error.strerror}; {ADVICE.get(error.errno, 'check that path')}"


@contextmanager
def whole_file(path: str | os.PathLike) -> Iterator[IO[bytes]]:
    """A binary file to write, which becomes `path` when all went well; a reader sees the old one or the new one.

    Errors: FileNotFoundError if the folder does not exist; the system's OSError, under the name of `path`.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"{path}: expected to write into the folder {path.parent}, which is not there; create it"
        )
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

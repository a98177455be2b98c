"""Untrusted tar archives, read safely.

A tar member may name an absolute path, a path with "..", a link or a device, and so overwrite any file. Only regular
files under plain names are accepted, anything else is an error, and tarfile never extracts: callers read the bytes of a
member, and choose the path themselves.
"""

import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any

from minialex.checks import expected
from minialex.files.atomic import whole_file

NOWHERE = os.path.abspath("/no/such/folder")  # for Python's filter, which would follow links in an existing folder
DAMAGED = (tarfile.TarError, EOFError, ValueError, OverflowError, MemoryError, RecursionError)  # by damaged headers


@contextmanager
def open_archive(name: str | os.PathLike, file: IO[bytes] | None = None) -> Iterator[tarfile.TarFile]:
    """Open an uncompressed tar archive: the file of this name, or an open file (`name` is then only for errors).

    Errors: ValueError if it is no tar archive; FileNotFoundError if there is no such file.
    """
    try:
        tar = tarfile.open(name, "r:", fileobj=file)  # noqa: SIM115 (closed below, where errors are the caller's)
    except DAMAGED as error:
        got = f"something else ({' '.join(str(error).split()) or type(error).__name__})"
        raise expected(name, "a tar archive, not compressed", got, "download it again") from error
    with tar:
        yield tar


def safe_members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the regular files of an archive, in order; folders are skipped, anything else is an error.

    Args:   tar, not compressed (or small: its length is measured).
    Errors: ValueError, naming the archive and the member, for a path that is absolute or has "..", a name with a
            backslash or a NUL, a link, a device, a pipe, a file with holes, a name that comes twice, and a member
            larger than the archive; ValueError if the archive is damaged or ends early.
    """
    file: Any = tar.fileobj
    length = file.seek(0, os.SEEK_END)
    seen: set[PurePosixPath] = set()
    members = iter(tar)
    while member := next_member(tar, members):
        path = PurePosixPath(member.name)
        if reason := objection(member) or ("a name that occurred before" if path in seen else None):
            advice = "unpack nothing of it, and get the archive from its publisher"
            raise expected(archive_name(tar), "plain files", f"{member.name!r}, {reason}", advice)
        if not 0 <= member.size <= length - member.offset_data:
            raise damaged_archive(tar, f"{member.name!r} of {member.size:,} bytes")
        if member.isfile():
            seen.add(path)
            yield member
    file.seek(tar.offset)
    if file.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):  # tarfile accepts any end
        raise damaged_archive(tar, "its last block is missing")


def next_member(tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo]) -> tarfile.TarInfo | None:
    """Return the next member, None at the end."""
    try:
        return next(members, None)
    except DAMAGED as error:
        raise damaged_archive(tar, " ".join(str(error).split()) or type(error).__name__) from error


def objection(member: tarfile.TarInfo) -> str | None:
    """Return why a member is refused, None if it is accepted."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or PureWindowsPath(member.name).drive:
        return "an absolute path"
    if ".." in path.parts:
        return "a path with .."
    if "\\" in member.name or "\0" in member.name:
        return "a name with a backslash or a NUL"
    if member.issym() or member.islnk():
        return f"a link to {member.linkname!r}"
    if member.issparse() or not (member.isfile() or member.isdir()):  # holes make a small archive a large file
        return "neither a plain file nor a folder"
    if member.isfile() and not path.name:
        return "a file without a name"
    return refused_by_python(member)


def refused_by_python(member: tarfile.TarInfo) -> str | None:
    """Return why Python's own filter refuses a member, None if it accepts it: a second check."""
    data_filter = getattr(tarfile, "data_filter", None)  # since Python 3.11.4
    try:
        if data_filter:
            data_filter(member, NOWHERE)
    except (tarfile.TarError, ValueError) as error:
        return str(error)
    return None


def named_members(tar: tarfile.TarFile, pattern: str, what: str) -> Iterator[tuple[str, tarfile.TarInfo]]:
    """Yield the regular files of an archive, in any folder of it, and the group of each name that `pattern` captures.

    Errors: ValueError, beyond those of `safe_members`, if a name does not fit or two are the same.
    """
    seen = set()
    for member in safe_members(tar):
        match = re.fullmatch(pattern, PurePosixPath(member.name).name)
        if not match or match[1] in seen:
            why = "a second one of that name" if match else "another name"
            raise expected(archive_name(tar), what, f"{member.name!r}, {why}", "use the archive as it is published")
        seen.add(match[1])
        yield match[1], member


def open_member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """Open a regular file in an archive, to read."""
    file = tar.extractfile(member)
    assert file is not None  # only folders and devices have no content
    return file


def write_member(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> bool:
    """Write a regular file of an archive atomically; if one of that size exists, keep it and return False."""
    if path.is_file() and path.stat().st_size == member.size:
        return False
    try:
        with open_member(tar, member) as content, whole_file(path) as file:
            shutil.copyfileobj(content, file)
    except tarfile.TarError as error:
        raise damaged_archive(tar, f"{member.name!r} is cut") from error
    return True


def archive_name(tar: tarfile.TarFile) -> str:
    """Return the name of the archive for errors."""
    return os.fsdecode(tar.name or "archive")


def damaged_archive(tar: tarfile.TarFile, reason: str) -> ValueError:
    """Return the error for an archive that is damaged or ends early."""
    got = f"one that is damaged or ends early ({reason})"
    return expected(archive_name(tar), "a whole archive", got, "download it again")

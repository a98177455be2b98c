"""Archives from elsewhere, read without trusting them.

A tar archive is a list of wishes: put this file there, make a link, make a device. A hostile one wishes for
/etc/passwd, for ../../.bashrc, or for a link to your home and then a file through it. An archive of images needs none
of that: here it holds plain files under plain names, or it is refused. And tarfile never writes: readers take the bytes
of a member, and choose themselves where they go.
"""

import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any

from minialex.files.atomic import whole_file

NOWHERE = os.path.abspath("/no/such/folder")  # where the filter imagines the files: it follows links on the disk
DAMAGED = (tarfile.TarError, EOFError, ValueError, OverflowError, MemoryError, RecursionError)  # by wild headers


@contextmanager
def open_archive(name: str | os.PathLike, file: IO[bytes] | None = None) -> Iterator[tarfile.TarFile]:
    """An uncompressed tar archive to read: the file of this name, or a file that is open and is only called so.

    Errors: ValueError if it is none; FileNotFoundError if there is no such file.
    """
    try:
        tar = tarfile.open(name, "r:", fileobj=file)  # noqa: SIM115 (closed below, where its errors are the reader's)
    except DAMAGED as error:
        came = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(
            f"{name}: expected a tar archive, not compressed, got something else ({came}); download it again"
        ) from error
    with tar:
        yield tar


def safe_members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The plain files of an archive, one after the other; folders are passed over, everything else is refused.

    Args:   tar, not compressed (or small: its length is looked up).
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
        if reason := objection(member) or ("a name that was there before" if path in seen else None):
            raise ValueError(
                f"{label(tar)}: expected plain files, got {member.name!r}, {reason}; "
                "unpack nothing of it, and get the archive from its publisher"
            )
        if not 0 <= member.size <= length - member.offset_data:
            raise ends_early(tar, f"{member.name!r} says {member.size:,} bytes")
        if member.isfile():
            seen.add(path)
            yield member
    file.seek(tar.offset)
    if file.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):  # tarfile takes any end for a good one
        raise ends_early(tar, "its last block is missing")


def next_member(tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo]) -> tarfile.TarInfo | None:
    """The next member, None at the end."""
    try:
        return next(members, None)
    except DAMAGED as error:
        raise ends_early(tar, " ".join(str(error).split()) or type(error).__name__) from error


def objection(member: tarfile.TarInfo) -> str | None:
    """Why a member is refused, None if it is not."""
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
    """What Python's own filter has against a member: a second opinion."""
    data_filter = getattr(tarfile, "data_filter", None)  # Python has it from 3.11.4
    try:
        if data_filter:
            data_filter(member, NOWHERE)
    except (tarfile.TarError, ValueError) as error:
        return str(error)
    return None


def named_members(tar: tarfile.TarFile, pattern: str, expected: str) -> Iterator[tuple[str, tarfile.TarInfo]]:
    """The plain files of an archive, in whatever folder of it, each with the part of its name that the pattern marks.

    Errors: ValueError, beyond those of `safe_members`, if a name does not fit or two are the same.
    """
    seen = set()
    for member in safe_members(tar):
        match = re.fullmatch(pattern, PurePosixPath(member.name).name)
        if not match or match[1] in seen:
            why = "a second one of that name" if match else "another name"
            raise ValueError(
                f"{label(tar)}: expected {expected}, got {member.name!r}, {why}; use the archive as it is published"
            )
        seen.add(match[1])
        yield match[1], member


def open_member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """A plain file in an archive, to read."""
    file = tar.extractfile(member)
    assert file is not None  # only folders and devices have no content
    return file


def write_member(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> bool:
    """Writes a plain file of an archive, whole; False if one of that size is there, which is left alone."""
    if path.is_file() and path.stat().st_size == member.size:
        return False
    try:
        with open_member(tar, member) as content, whole_file(path) as file:
            shutil.copyfileobj(content, file)
    except tarfile.TarError as error:
        raise ends_early(tar, f"{member.name!r} is cut") from error
    return True


def label(tar: tarfile.TarFile) -> str:
    """What the archive is called in errors."""
    return os.fsdecode(tar.name or "archive")


def ends_early(tar: tarfile.TarFile, reason: str) -> ValueError:
    return ValueError(
        f"{label(tar)}: expected a whole archive, got one that is damaged or ends early ({reason}); download it again"
    )

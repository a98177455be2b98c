"""Untrusted .npz files, read safely: zip archives of arrays of numbers or text.

Nothing is unpickled. What the archive and the header of an array declare is compared with the bytes that are there
before memory is taken for them; zip's checksum of each array is verified when its last byte is read.
"""

import math
import os
import struct
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

NAMES = 10_000  # arrays of a file, at most
LENGTH = 2**40  # of an axis, at most
CHUNK = 2**20  # bytes that are read at a time
END, END64 = 22, 76  # bytes of an archive's last record, and of those before it in an archive beyond 4 GB
MANY16, MANY32 = 2**16 - 1, 2**32 - 1  # stand for numbers that are in the other records
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_npz(path: Path, names: Collection[str] | None = None, *, most: int = 0) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays of a file and their names, in its order.

    Args:   names, those to read (None: all); most, bytes that a compressed file may have when unpacked; one that
            is not compressed, as numpy.savez writes it, has no more than its length.
    Errors: of all kinds, if the file is damaged or another: ValueError, BadZipFile, OSError, TokenError, ...
    """
    with path.open("rb") as raw, zipfile.ZipFile(raw) as archive:
        members = archive.infolist()
        check_count(raw, len(members), len(archive.comment))
        check_members(members, os.fstat(raw.fileno()).st_size, most)
        for member in members:
            name = member.filename.removesuffix(".npy")
            if names is None or name in names:
                with archive.open(member) as file:
                    yield name, read_array(file, member)


def check_count(raw: IO[bytes], count: int, comment: int) -> None:
    """Check that an archive has as many members as its last record says, and that its directory ends at that record.

    zipfile loses members where a length in the directory is damaged, and all where the record is.

    Args:   comment, the bytes after the record.
    """
    position = raw.seek(-END - comment, os.SEEK_END)
    signature, _, known, size, start, _ = struct.unpack("<4s6sHIIH", raw.read(END))
    ends = start + size in (position, position - END64) or MANY32 in (start, size)
    if signature != b"PK\5\6" or known not in (count, MANY16) or not ends:
        raise ValueError(f"one whose directory is damaged, at byte {position:,}")


def check_members(members: list[zipfile.ZipInfo], length: int, most: int) -> None:
    """Check what an archive of this length declares: how many arrays, under different names, of how many bytes."""
    if len(members) > NAMES:
        raise ValueError(f"one of {len(members):,} arrays, more than {NAMES:,}")
    if len({member.filename for member in members}) < len(members):
        raise ValueError("one with two arrays of one name")
    size = sum(member.file_size for member in members)
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        if size > most:
            raise ValueError(f"one that unpacks to more than {most:,} bytes" if most else "one that is compressed")
    elif size > length:
        raise ValueError(f"one of {length:,} bytes that declares {size:,}")


def read_array(file: IO[bytes], member: zipfile.ZipInfo) -> np.ndarray:
    """Read an array whose header fits the size of its member."""
    shape, by_columns, dtype = read_header(file)
    size = member.file_size - file.tell()
    whole = all(0 <= length < LENGTH for length in shape) and math.prod(shape) * dtype.itemsize == size
    if not whole or dtype.kind not in "biufU" or dtype.itemsize == 0:
        raise ValueError(f"{member.filename} declares {dtype} {shape}, but contains {size:,} bytes")
    array = np.empty(math.prod(shape), dtype)
    content = array.view(np.uint8)
    for start in range(0, size, CHUNK):
        part = content[start : start + CHUNK]
        part[:] = np.frombuffer(file.read(len(part)), np.uint8)
    file.read(1)  # the end, where zip compares the checksum
    return array.reshape(shape, order="F" if by_columns else "C")


def read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return an .npy file's shape, whether it is stored by columns, and its dtype."""
    version = npy.read_magic(file)
    if version not in HEADERS:
        raise ValueError(f"an array in version {version} of its format")
    return HEADERS[version](file)

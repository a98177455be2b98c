"""The development kit of ILSVRC-2012: which class each of the 50,000 validation images is of.

The validation images come without folders. A list in the kit gives each a number from 1 to 1000, its ILSVRC2012_ID, and
a table gives each number its WordNet id, the name of a training folder: 1 is n02119789, the kit fox. The numbers are
NOT the places in the alphabet (n01440764, the tench, is the first there); who mixes them up trains well and validates
at one right answer in a thousand.
"""

import gzip
import io
import re
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from minialex.data.folders.class_names import FILE, read_text, read_words
from minialex.files.plain_tar import open_archive, open_member, safe_members

DEVKIT = "ILSVRC2012_devkit_t12.tar.gz"
TRUTH, META, SYNSETS = "ILSVRC2012_validation_ground_truth.txt", "meta.mat", "synsets.txt"
LARGEST = 2**26  # bytes of the kit when uncompressed; the official one has a few million
LINE = re.compile(r"([0-9]+)\s+(n[0-9]{8})(?:\s+(.*))?|(n[0-9]{8})")
Table = dict[int, tuple[str, str]]  # ILSVRC2012_ID: WordNet id, words


class Devkit(NamedTuple):
    """The WordNet id of each validation image, in the order of their numbers, and the words of each WordNet id."""

    truth: list[str]
    words: dict[str, str]


def read_devkit(folder: Path) -> Devkit:
    """The development kit that lies in a folder.

    The table of numbers comes from a text `synsets.txt` in the folder or in the kit (lines "1 n02119789", perhaps with
    words behind, or WordNet ids alone in the order of their numbers), else from the kit's meta.mat, which needs SciPy.

    Errors: ValueError if the kit is damaged, hostile or incomplete; RuntimeError if SciPy is needed and absent.
    """
    path = folder / DEVKIT
    files = read_kit(path)
    if (folder / SYNSETS).is_file():
        table = read_synsets(read_text(folder / SYNSETS), folder / SYNSETS)
    elif SYNSETS in files:
        table = read_synsets(files[SYNSETS].decode("utf-8-sig", errors="replace"), path / SYNSETS)
    elif META in files:
        table = read_meta(files[META], path / META)
    else:
        raise ValueError(f"{path}: expected {META} or {SYNSETS} in it, got neither; download it again")
    if TRUTH not in files:
        raise ValueError(f"{path}: expected {TRUTH} in it, got none; download it again")
    truth = read_truth(files[TRUTH], table, path / TRUTH)
    words = dict(table[number] for number in sorted(set(truth)))
    if (folder / FILE).is_file():
        words |= {name: text for name, text in read_words(folder / FILE).items() if name in words}
    return Devkit([table[number][0] for number in truth], words)


def read_kit(path: Path) -> dict[str, bytes]:
    """The files of the kit that matter, by name."""
    try:
        with gzip.open(path) as file:
            raw = file.read(LARGEST + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path}: expected an archive that is compressed by gzip, got one that cannot be read to its end "
            f"({error}); download it again"
        ) from error
    if len(raw) > LARGEST:
        raise ValueError(f"{path}: expected at most {LARGEST:,} bytes in it, got more; download it again")
    files = {}
    with open_archive(path, io.BytesIO(raw)) as tar:
        for member in safe_members(tar):
            name = PurePosixPath(member.name).name
            if name in (TRUTH, META, SYNSETS):
                files[name] = open_member(tar, member).read()
    return files


def read_synsets(text: str, where: Path) -> Table:
    """The table from text."""
    table: Table = {}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for place, line in enumerate(lines, 1):
        match = LINE.fullmatch(line)
        number = int(match[1] or place) if match else 0
        if not match or number in table or bool(match[1]) != lines[0][0].isdigit():
            raise ValueError(
                f'{where}: expected lines "number n01234567", each number once, or "n01234567" alone, '
                f"got {line[:50]!r}; correct line {place}"
            )
        table[number] = (match[2] or match[4], match[3] or "")
    names = [name for name, _ in table.values()]
    if len(set(names)) < len(names):
        raise ValueError(f"{where}: expected each WordNet id once, got one twice; remove one")
    if len(lines) == 1000 and lines == sorted(lines) and not lines[0][0].isdigit():
        raise ValueError(
            f"{where}: expected WordNet ids in the order of their ILSVRC2012_ID (the first is n02119789), "
            f'got them in alphabetical order; give lines "ID n01234567", or remove the file and use {META}'
        )
    return table


def read_meta(raw: bytes, where: Path) -> Table:
    """The table from MATLAB's file: a struct array `synsets` with fields ILSVRC2012_ID, WNID, words and more."""
    try:
        from scipy.io import loadmat  # for this one file, so it is an extra
    except ImportError as error:
        raise RuntimeError(
            f"{where}: expected SciPy to read it, got none; run pip install 'minialex[imagenet]', or put a text file "
            f'{SYNSETS} with lines "ID n01234567" beside the archives'
        ) from error
    try:
        rows = np.atleast_1d(loadmat(io.BytesIO(raw), squeeze_me=True, variable_names=["synsets"])["synsets"])
        found = [(int(row["ILSVRC2012_ID"]), str(row["WNID"]), " ".join(str(row["words"]).split())) for row in rows]
    except Exception as error:  # whatever a damaged file makes of it: KeyError, TypeError, zlib.error, ...
        raise ValueError(
            f"{where}: expected a struct array synsets with ILSVRC2012_ID, WNID and words, "
            f"got {type(error).__name__}: {' '.join(str(error).split())}; download the archive again"
        ) from error
    return read_synsets("\n".join(f"{number} {name} {words}" for number, name, words in found), where)


def read_truth(raw: bytes, table: Table, where: Path) -> list[int]:
    """The number of each validation image's class, one a line."""
    lines = raw.decode("ascii", errors="replace").split()
    for place, line in enumerate(lines, 1):
        if not line.isdecimal():
            raise ValueError(
                f"{where}: expected a whole number a line, got {line[:50]!r} in line {place}; download it again"
            )
        if int(line) not in table:
            raise ValueError(
                f"{where}: expected numbers that have a WordNet id, got {int(line)} in line {place}, which has none; "
                f"check {SYNSETS}, or remove it and use {META}"
            )
    return [int(line) for line in lines]

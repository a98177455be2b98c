"""The development kit of ILSVRC-2012, which contains the classes of the 50,000 validation images.

The validation images are not sorted into folders. A list in the kit contains the class of each, an ILSVRC2012_ID from 1
to 1000, and a table contains the WordNet id of each class, the name of its training folder: 1 is n02119789, the kit
fox. The ids are NOT in alphabetical order (where n01440764, the tench, is the first): with the wrong order a net trains
well, but is right on one validation image in a thousand.
"""

import gzip
import io
import re
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from minialex.checks import expected
from minialex.data.folders.class_names import FILE, read_text, read_words
from minialex.files.plain_tar import open_archive, open_member, safe_members

DEVKIT = "ILSVRC2012_devkit_t12.tar.gz"
TRUTH, META, SYNSETS = "ILSVRC2012_validation_ground_truth.txt", "meta.mat", "synsets.txt"
LARGEST = 2**26  # bytes of the kit when uncompressed; the official one has a few million
LINE = re.compile(r"([0-9]+)\s+(n[0-9]{8})(?:\s+(.*))?|(n[0-9]{8})")
AGAIN = "download it again"
Table = dict[int, tuple[str, str]]  # ILSVRC2012_ID: WordNet id, words


class Devkit(NamedTuple):
    """The WordNet id of each validation image, in the order of their numbers, and the words of each WordNet id."""

    truth: list[str]
    words: dict[str, str]


def read_devkit(folder: Path) -> Devkit:
    """Read the development kit in a folder.

    The table of ids is read from a text `synsets.txt` in the folder or in the kit (lines "1 n02119789", optionally
    followed by words, or WordNet ids alone in the order of their numbers), else from meta.mat, which needs SciPy.

    Errors: ValueError if the kit is damaged, unsafe or incomplete; RuntimeError if SciPy is needed and absent.
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
        raise expected(path, f"{META} or {SYNSETS} in it", "neither", AGAIN)
    if TRUTH not in files:
        raise expected(path, f"{TRUTH} in it", "none", AGAIN)
    truth = read_truth(files[TRUTH], table, path / TRUTH)
    words = dict(table[number] for number in sorted(set(truth)))
    if (folder / FILE).is_file():
        words |= {name: text for name, text in read_words(folder / FILE).items() if name in words}
    return Devkit([table[number][0] for number in truth], words)


def read_kit(path: Path) -> dict[str, bytes]:
    """Read the files of the kit that are needed, by name."""
    try:
        with gzip.open(path) as file:
            raw = file.read(LARGEST + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        got = f"one that cannot be read to its end ({error})"
        raise expected(path, "an archive that is compressed by gzip", got, AGAIN) from error
    if len(raw) > LARGEST:
        raise expected(path, f"at most {LARGEST:,} bytes in it", "more", AGAIN)
    files = {}
    with open_archive(path, io.BytesIO(raw)) as tar:
        for member in safe_members(tar):
            name = PurePosixPath(member.name).name
            if name in (TRUTH, META, SYNSETS):
                files[name] = open_member(tar, member).read()
    return files


def read_synsets(text: str, where: Path) -> Table:
    """Read the table from text."""
    table: Table = {}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for position, line in enumerate(lines, 1):
        match = LINE.fullmatch(line)
        number = int(match[1] or position) if match else 0
        if not match or number in table or bool(match[1]) != lines[0][0].isdigit():
            what = 'lines "number n01234567", each number once, or "n01234567" alone'
            raise expected(where, what, repr(line[:50]), f"correct line {position}")
        table[number] = (match[2] or match[4], match[3] or "")
    names = [name for name, _ in table.values()]
    if len(set(names)) < len(names):
        raise expected(where, "each WordNet id once", "one twice", "remove one")
    if len(lines) == 1000 and lines == sorted(lines) and not lines[0][0].isdigit():
        what = "WordNet ids in the order of their ILSVRC2012_ID (the first is n02119789)"
        advice = f'give lines "ID n01234567", or remove the file and use {META}'
        raise expected(where, what, "them in alphabetical order", advice)
    return table


def read_meta(raw: bytes, where: Path) -> Table:
    """Read the table from MATLAB's file: a struct array `synsets` with fields ILSVRC2012_ID, WNID, words and more."""
    try:
        from scipy.io import loadmat  # for this one file, so it is an extra
    except ImportError as error:
        advice = f'put a text file {SYNSETS} with lines "ID n01234567" beside the archives'
        advice = f"run pip install 'minialex[imagenet]', or {advice}"
        raise expected(where, "SciPy to read it", "none", advice, RuntimeError) from error
    try:
        rows = np.atleast_1d(loadmat(io.BytesIO(raw), squeeze_me=True, variable_names=["synsets"])["synsets"])
        table = [(int(row["ILSVRC2012_ID"]), str(row["WNID"]), " ".join(str(row["words"]).split())) for row in rows]
    except Exception as error:  # a damaged file raises all kinds: KeyError, TypeError, zlib.error, ...
        what = "a struct array synsets with ILSVRC2012_ID, WNID and words"
        got = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise expected(where, what, got, "download the archive again") from error
    return read_synsets("\n".join(f"{number} {name} {words}" for number, name, words in table), where)


def read_truth(raw: bytes, table: Table, where: Path) -> list[int]:
    """Read the number of each validation image's class, one a line."""
    lines = raw.decode("ascii", errors="replace").split()
    for position, line in enumerate(lines, 1):
        if not line.isdecimal():
            raise expected(where, "an integer a line", f"{line[:50]!r} in line {position}", AGAIN)
        if int(line) not in table:
            got = f"{int(line)} in line {position}, which has none"
            advice = f"check {SYNSETS}, or remove it and use {META}"
            raise expected(where, "numbers that have a WordNet id", got, advice)
    return [int(line) for line in lines]

"""The development kit of ILSVRC-2012, which contains the classes of the 50,000 validation images.

The validation images are not sorted into folders. A list in the kit contains the class of each, an ILSVRC2012_ID from 1
to 1000, and a table contains the WordNet id of each class, the name of its training folder: 1 is n02119789, the kit
fox. The ids are NOT in alphabetical order (where n01440764, the tench, is the first): with the wrong order a net trains
well, but is right on one validation image in a thousand.
"""

import gzip
import io
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from minialex.checks import expected
from minialex.data.folders.class_names import FILE, read_text, read_words
from minialex.data.imagenet.synsets import DIGITS, META, SYNSETS, Table, read_meta, read_synsets
from minialex.files.plain_tar import open_archive, open_member, safe_members

DEVKIT, TRUTH = "ILSVRC2012_devkit_t12.tar.gz", "ILSVRC2012_validation_ground_truth.txt"
LARGEST = 2**26  # bytes of the kit when uncompressed; the official one has a few million
AGAIN = "download it again"


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


def read_truth(raw: bytes, table: Table, where: Path) -> list[int]:
    """Read the number of each validation image's class, one a line."""
    lines = raw.decode("ascii", errors="replace").split()
    for position, line in enumerate(lines, 1):
        if not line.isdecimal() or len(line) > DIGITS:
            raise expected(where, "an integer a line", f"{line[:50]!r} in line {position}", AGAIN)
        if int(line) not in table:
            got = f"{int(line)} in line {position}, which has none"
            advice = f"check {SYNSETS}, or remove it and use {META}"
            raise expected(where, "numbers that have a WordNet id", got, advice)
    return [int(line) for line in lines]

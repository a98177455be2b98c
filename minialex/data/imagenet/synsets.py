"""The table of ILSVRC-2012's classes: the WordNet id and the words of each ILSVRC2012_ID, from text or meta.mat."""

import io
import re
from pathlib import Path

import numpy as np

from minialex.checks import expected

META, SYNSETS = "meta.mat", "synsets.txt"
LINE = re.compile(r"([0-9]+)\s+(n[0-9]{8})(?:\s+(.*))?|(n[0-9]{8})")
Table = dict[int, tuple[str, str]]  # ILSVRC2012_ID: WordNet id, words


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

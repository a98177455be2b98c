"""The table of ILSVRC-2012's classes: the WordNet id and the words of each ILSVRC2012_ID, from text or meta.mat."""

import re
from importlib.util import find_spec
from pathlib import Path

from minialex.checks import expected
from minialex.data.imagenet.meta_file import rows_of
from minialex.files.own_process import Crashed, call_apart

META, SYNSETS = "meta.mat", "synsets.txt"
DIGITS = 9  # of a class's number, at most
LINE = re.compile(rf"([0-9]{{1,{DIGITS}}})\s+(n[0-9]{{8}})(?:\s+(.*))?|(n[0-9]{{8}})")
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
    """Read the table from MATLAB's file: a struct array `synsets` with fields ILSVRC2012_ID, WNID, words and more.

    In a process of its own: damaged files have crashed SciPy.
    """
    if not scipy_is_there():
        advice = f'put a text file {SYNSETS} with lines "ID n01234567" beside the archives'
        advice = f"run pip install 'minialex[imagenet]', or {advice}"
        raise expected(where, "SciPy to read it", "none", advice, RuntimeError)
    try:
        table = call_apart(rows_of, raw)
    except (ValueError, Crashed) as error:
        what = "a struct array synsets with ILSVRC2012_ID, WNID and words"
        raise expected(where, what, error, "download the archive again") from error
    return read_synsets("\n".join(f"{number} {name} {words}" for number, name, words in table), where)


def scipy_is_there() -> bool:
    """Tell whether SciPy can be imported, without importing it."""
    try:
        return find_spec("scipy.io") is not None
    except ModuleNotFoundError:
        return False

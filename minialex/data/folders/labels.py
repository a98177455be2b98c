"""Files of labels: one class a line, in the order of the net's outputs."""

import os
import re

from minialex.checks import expected
from minialex.data.folders.class_names import read_text
from minialex.data.locations import absent_path
from minialex.files.paths import as_path

WORDNET = re.compile(r"n\d{8}\s+")  # WordNet ids of ImageNet's classes: n01440764


def read_labels(path: str | os.PathLike) -> list[str]:
    """Read the labels in a text file, "tench, Tinca tinca" or "n01440764 tench, Tinca tinca" (the id is left out).

    Errors: FileNotFoundError if there is no such file; ValueError if it is no text, or a line of it is empty.
    """
    if not as_path("read_labels", path).is_file():
        raise absent_path(path, "a text file of labels")
    lines = [line.strip() for line in read_text(path).rstrip().splitlines()]
    if not all(lines) or not lines:
        got = f"none in line {lines.index('') + 1}" if lines else "an empty file"
        raise expected(path, "one label a line", got, "add it")
    return [WORDNET.sub("", line, count=1) if WORDNET.match(line) else line for line in lines]

"""A file of labels: one class a line, in the order of the net's outputs."""

import os
import re

from minialex.data.folders.class_names import read_text

WORDNET = re.compile(r"n\d{8}\s+")  # ImageNet's numbers of its classes: n01440764


def read_labels(path: str | os.PathLike) -> list[str]:
    """The labels in a text file, "tench, Tinca tinca" or "n01440764 tench, Tinca tinca" (the number is left out).

    Errors: FileNotFoundError if there is no such file; ValueError if it is no text, or a line of it is empty.
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(f"{path}: expected a text file of labels, got a path where there is none; check it")
    lines = [line.strip() for line in read_text(path).rstrip().splitlines()]
    if not all(lines) or not lines:
        came = f"none in line {lines.index('') + 1}" if lines else "an empty file"
        raise ValueError(f"{path}: expected one label a line, got {came}; add it")
    return [WORDNET.sub("", line, count=1) if WORDNET.match(line) else line for line in lines]

"""Names of classes: WordNet ids such as n02123045 (ImageNet's folders), and words such as "tabby".

A file `synset_words.txt` contains both, a class a line: the folder's name, then words separated by commas.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from minialex.checks import abridged, did_you_mean, expected
from minialex.files.atomic import whole_file

FILE = "synset_words.txt"


def read_words(path: str | os.PathLike) -> dict[str, str]:
    """Read the words of each class, from a file of lines such as "n02123045 tabby, tabby cat".

    Errors: FileNotFoundError if the file is absent; ValueError if it is no text or has a class twice.
    """
    if not os.path.isfile(path):
        raise expected(path, "a file with the words of the classes", "none", "check the path", FileNotFoundError)
    words: dict[str, str] = {}
    for line in read_text(path).splitlines():
        name, *rest = line.split(maxsplit=1) or [""]
        if name in words:
            raise expected(path, "a line for each class", f"two for {name!r}", "remove one")
        if name:
            words[name] = rest[0].strip() if rest else ""
    return words


def read_text(path: str | os.PathLike) -> str:
    """Read a text file in UTF-8, with or without a byte order mark."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise expected(path, "text in UTF-8", f"other bytes ({error.reason})", "save it again") from error


def write_words(path: Path, classes: Iterable[str], words: Mapping[str, str]) -> None:
    """Write the file that `read_words` reads, for those of the classes that have words."""
    with whole_file(path) as file:
        file.writelines(f"{name} {words[name]}".rstrip().encode() + b"\n" for name in sorted(classes) if name in words)


def choose_classes(
    requested: Sequence[str], names: Collection[str], words: Mapping[str, str], source: str | os.PathLike
) -> list[str]:
    """Return the names of the requested classes, each given by its name or by one of its words, sorted.

    Errors: ValueError for an unknown name, with a near one; for a word of several classes, with their names.
    """
    if isinstance(requested, str) or not requested:
        raise expected("classes", "a list of names", repr(requested), "name at least one class")
    by_word: dict[str, list[str]] = {}
    for name in sorted(names):
        for word in {word.strip().casefold() for word in words.get(name, "").split(",")} - {""}:
            by_word.setdefault(word, []).append(name)
    return sorted({choose_class(one, names, by_word, source) for one in requested})


def choose_class(
    requested: str, names: Collection[str], by_word: Mapping[str, list[str]], source: str | os.PathLike
) -> str:
    """Return the name of one requested class."""
    if requested in names:
        return requested
    matches = by_word.get(requested.strip().casefold(), [])
    if len(matches) == 1:
        return matches[0]
    if matches:
        got = f"{requested!r}, a word of {' and '.join(matches)}"
        raise expected("classes", "one class", got, "give one of these names")
    what = f"some of the {len(names)} classes of {source}"
    hint = did_you_mean(requested, [*names, *by_word]) or f"they are {abridged(sorted(names), 10)}"
    raise expected("classes", what, repr(requested), hint)

"""What classes are called: ImageNet's folders have names like n02123045, people say "tabby".

A file `synset_words.txt` has both, a class a line: the folder's name, then words with commas between them.
"""

import difflib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from minialex.files.atomic import whole_file

FILE = "synset_words.txt"


def read_words(path: str | os.PathLike) -> dict[str, str]:
    """The words of each class, from a file of lines such as "n02123045 tabby, tabby cat".

    Errors: FileNotFoundError if the file is absent; ValueError if it is no text or has a class twice.
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(f"{path}: expected a file with the words of the classes, got none; check the path")
    words: dict[str, str] = {}
    for line in read_text(path).splitlines():
        name, *rest = line.split(maxsplit=1) or [""]
        if name in words:
            raise ValueError(f"{path}: expected a line for each class, got two for {name!r}; remove one")
        if name:
            words[name] = rest[0].strip() if rest else ""
    return words


def read_text(path: str | os.PathLike) -> str:
    """A text file, with or without the mark that Windows puts before it."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected text in UTF-8, got other bytes ({error.reason}); save it again") from error


def write_words(path: Path, classes: Iterable[str], words: Mapping[str, str]) -> None:
    """The file that `read_words` reads, of those of the classes that have words."""
    with whole_file(path) as file:
        file.writelines(f"{name} {words[name]}".rstrip().encode() + b"\n" for name in sorted(classes) if name in words)


def choose_classes(
    asked: Sequence[str], names: Collection[str], words: Mapping[str, str], source: str | os.PathLike
) -> list[str]:
    """The classes that are asked for, each by its name or by one of its words, sorted.

    Errors: ValueError, with the nearest name, for one that is unknown; with the classes, for a word of several.
    """
    if isinstance(asked, str) or not asked:
        raise ValueError(f"classes: expected a list of names, got {asked!r}; name at least one class")
    by_word: dict[str, list[str]] = {}
    for name in sorted(names):
        for word in {word.strip().casefold() for word in words.get(name, "").split(",")} - {""}:
            by_word.setdefault(word, []).append(name)
    return sorted({choose_class(one, names, by_word, source) for one in asked})


def choose_class(
    asked: str, names: Collection[str], by_word: Mapping[str, list[str]], source: str | os.PathLike
) -> str:
    """The one class that is meant."""
    if asked in names:
        return asked
    meant = by_word.get(asked.strip().casefold(), [])
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise ValueError(
            f"classes: expected one class, got {asked!r}, a word of {' and '.join(meant)}; give one of these names"
        )
    near = difflib.get_close_matches(asked, [*names, *by_word], n=1, cutoff=0)
    raise ValueError(
        f"classes: expected some of the {len(names)} classes of {source}, got {asked!r}; did you mean {near[0]}?"
    )

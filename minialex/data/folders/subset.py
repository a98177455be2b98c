"""A subset of a folder, for a lesson: some classes and some images of each, as links, which take no space."""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from minialex.checks import check_integers, expected
from minialex.data.folders.class_names import FILE, choose_classes, read_words, write_words
from minialex.data.folders.listing import agreed_classes, find_splits, list_images
from minialex.data.locations import absent_path

SPLITS = ("train", "val")


def subset(
    folder: str | os.PathLike,
    out: str | os.PathLike,
    *,
    classes: Sequence[str],
    per_class: int | None = None,
    labels: str | os.PathLike | None = None,
) -> str:
    """Make out/train/<class>/ and out/val/<class>/ with links to some of a folder's images; return a summary.

    Args:   folder, as in `read_folder`; out, a new folder, which appears whole or not at all; classes, by the
            names of their folders or by a word of the labels; per_class, at most so many images of a class in each
            split, the first by name; labels, a file of lines such as "n02123045 tabby, tabby cat", None for
            synset_words.txt in the folder if it is there.
    Errors: FileNotFoundError if the folder or the labels are absent; ValueError for a class that is unknown, a word
            of several classes, a class without images, an `out` that is in use; OSError if no link can be made.
    """
    root, out = Path(folder), Path(os.path.abspath(out))
    if per_class is not None:
        check_integers("subset", per_class=per_class)
    if not root.is_dir():
        raise absent_path(folder)
    splits = find_splits(root)
    words = words_of_classes(root, labels)
    chosen = choose_classes(classes, agreed_classes(*splits), words, root)
    images = {
        Path(split, name): [source / file for file in list_images(source, (name,)).names[:per_class]]
        for split, source in zip(SPLITS, splits, strict=True)
        for name in chosen
    }
    check_new(out, splits)
    with whole_folder(out) as partial:
        for class_folder, files in images.items():
            link_all(files, partial / class_folder)
        if words:
            write_words(partial / FILE, chosen, words)
    train, val = (sum(len(files) for to, files in images.items() if to.parts[0] == split) for split in SPLITS)
    return (
        f"{out}: {len(chosen)} classes, links to {train:,} training and {val:,} validation images; "
        f"next: minialex train --data {quote(str(out))}"
    )


def words_of_classes(root: Path, labels: str | os.PathLike | None) -> dict[str, str]:
    """Read the words of the classes, from `labels` or from the folder; {} if there are none."""
    if labels is not None:
        return read_words(labels)
    return read_words(root / FILE) if (root / FILE).is_file() else {}


def check_new(out: Path, splits: Sequence[Path]) -> None:
    """Check, before anything is made, that `out` is new or empty and not inside a split."""
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise expected(out, "a new or empty folder", "one that is in use", "choose another --out")
    for split in splits:
        if split.resolve() in out.resolve().parents:  # it would be read as a class
            raise expected(out, f"a folder outside {split}", "one in it", "choose another --out")


def link_all(files: Sequence[Path], folder: Path) -> None:
    """Make a folder with links to these files, under their names."""
    folder.mkdir(parents=True)
    for file in files:
        link(file.resolve(), folder / file.name)


def link(target: Path, path: Path) -> None:
    """Make a symbolic link, or a hard one where the system or the drive has no others."""
    try:
        path.symlink_to(target)
    except (OSError, NotImplementedError) as refused:  # Windows requires a privilege, FAT has no links at all
        try:
            os.link(target, path)
        except (OSError, AttributeError) as error:  # no os.link at all: a Python in a browser
            advice = "choose an --out on the drive of the images, or (Windows) turn on the developer mode"
            what, got = f"to make a link to {target}", f"{refused} and {error}"
            raise expected(path, what, got, advice, OSError) from error


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Make a hidden folder to fill, which replaces `path` (absent, or an empty folder) when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir()
    except OSError as error:
        error.filename = str(path)
        raise
    try:
        yield partial
        if path.is_dir():
            path.rmdir()  # Windows does not replace a folder
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)

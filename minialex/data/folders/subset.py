"""A few classes of a large folder, and a few images of each, for a lesson: links, which take no space and no time."""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from minialex.data.dataset import check_count
from minialex.data.folders.class_names import FILE, choose_classes, read_words, write_words
from minialex.data.folders.folder import agreed_classes, find_splits, list_images

SPLITS = ("train", "val")


def subset(
    folder: str | os.PathLike,
    out: str | os.PathLike,
    *,
    classes: Sequence[str],
    per_class: int | None = None,
    labels: str | os.PathLike | None = None,
) -> str:
    """Makes out/train/<class>/ and out/val/<class>/ with links to some of a folder's images; says what it made.

    Args:   folder, as `read_folder` takes it; out, a new folder, which appears whole or not at all; classes, by the
            names of their folders or by a word of the labels; per_class, at most so many images of a class in each
            split, the first by name; labels, a file of lines such as "n02123045 tabby, tabby cat", None for
            synset_words.txt in the folder if it is there.
    Errors: FileNotFoundError if the folder or the labels are absent; ValueError for a class that is unknown, a word
            of several classes, a class without images, an `out` that is in use; OSError if no link can be made.
    """
    root, out = Path(folder), Path(os.path.abspath(out))
    if per_class is not None:
        check_count(per_class, "per_class")
    if not root.is_dir():
        raise FileNotFoundError(f"{folder}: expected a folder of images, got a path that is absent; check it")
    splits = find_splits(root)
    words = known_words(root, labels)
    chosen = choose_classes(classes, agreed_classes(*splits), words, root)
    images = {
        Path(split, name): [found / file for file in list_images(found, (name,)).names[:per_class]]
        for split, found in zip(SPLITS, splits, strict=True)
        for name in chosen
    }
    check_out(out, splits)
    with whole_folder(out) as partial:
        for place, files in images.items():
            link_all(files, partial / place)
        if words:
            write_words(partial / FILE, chosen, words)
    train, val = (sum(len(files) for place, files in images.items() if place.parts[0] == split) for split in SPLITS)
    return (
        f"{out}: {len(chosen)} classes, links to {train:,} training and {val:,} validation images; "
        f"next: minialex train --data {quote(str(out))}"
    )


def known_words(root: Path, labels: str | os.PathLike | None) -> dict[str, str]:
    """The words of the classes, none if nothing says them."""
    if labels is not None:
        return read_words(labels)
    return read_words(root / FILE) if (root / FILE).is_file() else {}


def check_out(out: Path, splits: Sequence[Path]) -> None:
    """Finds out before anything is made whether the new folder is in the way of something."""
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise ValueError(f"{out}: expected a new or empty folder, it holds something already; choose another --out")
    for split in splits:
        if split.resolve() in out.resolve().parents:  # it would be taken for a class
            raise ValueError(f"{out}: expected a folder outside {split}, got one in it; choose another --out")


def link_all(files: Sequence[Path], folder: Path) -> None:
    """Makes a folder with links to these files, under their names."""
    folder.mkdir(parents=True)
    for file in files:
        link(file.resolve(), folder / file.name)


def link(target: Path, path: Path) -> None:
    """A symbolic link, or a hard one where the system or the drive has no others."""
    try:
        path.symlink_to(target)
    except (OSError, NotImplementedError) as refused:  # Windows asks for a right, FAT has no links at all
        try:
            os.link(target, path)
        except OSError as error:
            raise OSError(
                f"{path}: expected to make a link to {target}, got {refused} and {error}; choose an --out "
                "on the drive of the images, or (Windows) turn on the developer mode"
            ) from error


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A hidden folder to fill, which becomes `path` when all went well; an empty one may be there."""
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
            path.rmdir()  # Windows renames onto nothing
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)

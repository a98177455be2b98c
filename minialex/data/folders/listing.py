"""The image files of a folder and their classes, listed before any is read."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.checks import expected
from minialex.data.locations import absent_path
from minialex.files.paths import as_path

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif")


class Files(NamedTuple):
    """The image files of one split, named class/file, and their labels.

    Names are strings: they take a hundred bytes each, less than a Path.
    """

    folder: Path
    names: list[str]
    labels: np.ndarray


class Listing(NamedTuple):
    """All image files of a folder."""

    root: Path
    name: str
    classes: tuple[str, ...]
    train: Files
    val: Files


def list_folder(path: str | os.PathLike) -> Listing:
    """List the image files of a folder; the errors are those of `read_folder`."""
    root = as_path("read_folder", path)
    if not root.is_dir():
        raise absent_path(path)
    folders = find_splits(root)
    classes = agreed_classes(*folders)
    train, val = (list_images(folder, classes) for folder in folders)
    return Listing(root, root.resolve().name, classes, train, val)


def find_splits(root: Path) -> tuple[Path, Path]:
    """Return the folders of the training and of the validation images."""
    advice = "sort the images into train/<class>/ and val/<class>/"
    if not (root / "train").is_dir():
        got = sorted(entry.name for entry in root.iterdir() if not entry.name.startswith("."))[:5]
        raise expected(root, "a folder train in it", ", ".join(got) or "nothing", advice)
    for name in ("val", "test"):
        if (root / name).is_dir():
            return root / "train", root / name
    raise expected(root, "a folder val or test beside train", "neither", advice)


def agreed_classes(*folders: Path) -> tuple[str, ...]:
    """Return the names of the classes, which must be the same in all the folders."""
    names = [
        {entry.name for entry in os.scandir(folder) if entry.is_dir() and entry.name[0] != "."} for folder in folders
    ]
    classes = sorted(set().union(*names))
    if not classes:
        raise expected(folders[0], "a folder for each class", "none", "make train/<class>/ folders")
    for folder, present in zip(folders, names, strict=True):
        if missing := [name for name in classes if name not in present]:
            got = f"none called {', '.join(missing)}"
            raise expected(folder, "the same classes in both splits", got, "add it here, or remove it there")
    return tuple(classes)


def list_images(folder: Path, classes: tuple[str, ...]) -> Files:
    """List the image files of a split, class after class and sorted by name, and their labels."""
    names, counts = [], []
    for name in classes:
        entries = [entry.name for entry in os.scandir(folder / name) if entry.is_file() and entry.name[0] != "."]
        images = sorted(entry for entry in entries if entry.lower().endswith(ENDINGS))
        if not images:
            what = f"images ({', '.join(ENDINGS)})"
            raise expected(folder / name, what, "none", "add some or remove the class")
        names += [f"{name}/{image}" for image in images]
        counts.append(len(images))
    return Files(folder, names, np.repeat(np.arange(len(classes)), counts))

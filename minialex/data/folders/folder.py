"""A folder of images as a dataset: train/<class>/* for training, val/<class>/* or test/<class>/* for validation."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.checks import check_integers, expected
from minialex.data.dataset import Dataset, evenly_over_classes
from minialex.data.folders.image import quiet_pillow
from minialex.data.folders.reading import common_size, decode_all
from minialex.data.locations import absent_path

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif")


def read_folder(path: str | os.PathLike, image_size: int | None = None, *, limit: int | None = None) -> Dataset:
    """Read the images of a folder, each rescaled and cut to a square (see `read_image`).

    Classes are the names of the folders, sorted; files are read in the order of their names. Hidden files, and files
    without an image's ending, are ignored; images that cannot be read are left out and named in `unreadable`.

    Args:   image_size, None for the natural one: that of the images if all are squares of one size, else the
            smallest shorter side, but not below 32 (an icon among photographs would shrink them all) nor above 64
            (what a laptop trains on; the paper's is 256); limit, at most so many files of each split.
    Errors: FileNotFoundError if the folder is absent; ValueError if a split or a class has no image that can be
            read, or if train and val have different classes.
    """
    numbers = {"image_size": image_size, "limit": limit}
    check_integers("read_folder", **{name: number for name, number in numbers.items() if number is not None})
    listing = list_folder(path)
    size = image_size or natural_size(listing)
    with quiet_pillow():
        train, unreadable = decode_all(*limited_files(listing.train, limit), size, listing.root)
        val, more = decode_all(*limited_files(listing.val, limit), size, listing.root)
    return Dataset(listing.name, listing.classes, train, val, (*unreadable, *more))


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
    root = Path(path)
    if not root.is_dir():
        raise absent_path(path)
    folders = find_splits(root)
    classes = agreed_classes(*folders)
    train, val = (list_images(folder, classes) for folder in folders)
    return Listing(root, root.resolve().name, classes, train, val)


def natural_size(listing: Listing) -> int:
    """Return the image size that `read_folder` chooses."""
    with quiet_pillow():
        return common_size([files.folder / name for files in (listing.train, listing.val) for name in files.names])


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


def limited_files(files: Files, limit: int | None) -> tuple[list[Path], np.ndarray]:
    """Return at most `limit` of the files and their labels, chosen before they are read."""
    indices = range(len(files.names)) if limit is None else evenly_over_classes(files.labels, limit)
    return [files.folder / files.names[index] for index in indices], files.labels[indices]

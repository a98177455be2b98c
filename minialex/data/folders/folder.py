"""A folder of images as a dataset: train/<class>/* to learn from, val/<class>/* or test/<class>/* to be judged by."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.data.dataset import Dataset, check_count, spread_evenly
from minialex.data.folders.image import quiet_pillow
from minialex.data.folders.reading import common_size, read_split
from minialex.data.prepared.prepared import is_prepared

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif")


def read_folder(path: str | os.PathLike, image_size: int | None = None, *, limit: int | None = None) -> Dataset:
    """The images of a folder, each rescaled and cut to a square (see `read_image`).

    Classes are the names of the folders, sorted; files are read in the order of their names. Hidden files, and files
    that do not end as images do, are left alone; images that cannot be read are left out and named in `unreadable`.

    Args:   image_size, None for the natural one: that of the images if all are squares of one size, else the
            smallest shorter side, but not below 32 (an icon among photographs would shrink them all) nor above 64
            (what a laptop trains on; the paper's is 256); limit, at most so many files of each split.
    Errors: FileNotFoundError if the folder is absent; ValueError if a split or a class has no image that can be
            read, or if train and val have different classes.
    """
    for number, name in ((image_size, "image_size"), (limit, "limit")):
        if number is not None:
            check_count(number, name)
    listing = list_folder(path)
    size = image_size or natural_size(listing)
    with quiet_pillow():
        read = [read_split(*pick(files, limit), size, listing.root) for files in (listing.train, listing.val)]
    (train, lost), (val, also_lost) = read
    return Dataset(listing.name, listing.classes, train, val, (*lost, *also_lost))


class Files(NamedTuple):
    """The image files of one split; a name (with its class, cat/1.jpg) costs a hundred bytes, a Path some more."""

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
    """Which images a folder holds; the errors are those of `read_folder`."""
    root = Path(path)
    if not root.is_dir():
        raise FileNotFoundError(f"{path}: expected a folder of images, got a path that is absent; check it")
    folders = find_splits(root)
    classes = agreed_classes(*folders)
    train, val = (list_images(folder, classes) for folder in folders)
    return Listing(root, root.resolve().name, classes, train, val)


def natural_size(listing: Listing) -> int:
    """The size that `read_folder` chooses."""
    with quiet_pillow():
        return common_size([files.folder / name for files in (listing.train, listing.val) for name in files.names])


def find_splits(root: Path) -> tuple[Path, Path]:
    """The folders to train on and to validate on."""
    advice = "sort the images into train/<class>/ and val/<class>/"
    if not (root / "train").is_dir():
        if is_prepared(root):
            raise ValueError(f"{root}: expected a folder of image files, got one that is prepared; give the one before")
        came = sorted(entry.name for entry in root.iterdir() if not entry.name.startswith("."))[:5]
        raise ValueError(f"{root}: expected a folder train in it, got {', '.join(came) or 'nothing'}; {advice}")
    for name in ("val", "test"):
        if (root / name).is_dir():
            return root / "train", root / name
    raise ValueError(f"{root}: expected a folder val or test beside train, got neither; {advice}")


def agreed_classes(*folders: Path) -> tuple[str, ...]:
    """The names of the classes, which must be the same in all the folders."""
    found = [
        {entry.name for entry in os.scandir(folder) if entry.is_dir() and entry.name[0] != "."} for folder in folders
    ]
    classes = sorted(set().union(*found))
    if not classes:
        raise ValueError(f"{folders[0]}: expected a folder for each class, got none; make train/<class>/ folders")
    for folder, names in zip(folders, found, strict=True):
        if missing := [name for name in classes if name not in names]:
            raise ValueError(
                f"{folder}: expected the same classes in both splits, got none called {', '.join(missing)}; "
                "add it here, or remove it there"
            )
    return tuple(classes)


def list_images(folder: Path, classes: tuple[str, ...]) -> Files:
    """The image files of a split, class after class and sorted by name, and their labels."""
    names, counts = [], []
    for name in classes:
        entries = [entry.name for entry in os.scandir(folder / name) if entry.is_file() and entry.name[0] != "."]
        images = sorted(entry for entry in entries if entry.lower().endswith(ENDINGS))
        if not images:
            raise ValueError(
                f"{folder / name}: expected images ({', '.join(ENDINGS)}), got none; add some or remove the class"
            )
        names += [f"{name}/{image}" for image in images]
        counts.append(len(images))
    return Files(folder, names, np.repeat(np.arange(len(classes)), counts))


def pick(files: Files, limit: int | None) -> tuple[list[Path], np.ndarray]:
    """At most `limit` of the files, chosen before they are read."""
    some = range(len(files.names)) if limit is None else spread_evenly(files.labels, limit)
    return [files.folder / files.names[place] for place in some], files.labels[some]

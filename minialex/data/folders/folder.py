"""A folder of images as a dataset: train/<class>/* for training, val/<class>/* or test/<class>/* for validation."""

import os
from pathlib import Path

import numpy as np

from minialex.checks import check_integers
from minialex.data.dataset import Dataset
from minialex.data.folders.image import quiet_pillow
from minialex.data.folders.listing import Files, Listing, list_folder
from minialex.data.folders.reading import common_size, decode_all
from minialex.data.split import evenly_over_classes


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


def natural_size(listing: Listing) -> int:
    """Return the image size that `read_folder` chooses."""
    with quiet_pillow():
        return common_size([files.folder / name for files in (listing.train, listing.val) for name in files.names])


def limited_files(files: Files, limit: int | None) -> tuple[list[Path], np.ndarray]:
    """Return at most `limit` of the files and their labels, chosen before they are read."""
    indices = range(len(files.names)) if limit is None else evenly_over_classes(files.labels, limit)
    return [files.folder / files.names[index] for index in indices], files.labels[indices]

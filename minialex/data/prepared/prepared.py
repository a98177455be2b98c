"""Prepared images: a folder of shards, read without loading them.

DIR/train-00000.npy, train-00001.npy, ...     images, uint8 (n, 3, S, S), class after class
DIR/train-00000.npz, ...                      their labels, checksums and sums, and which files could not be read
DIR/val-00000.npy, val-00000.npz, ...         the same of the validation images, without sums
DIR/statistics.npz                            mean image, covariance of the colours: see pixel_statistics.py
DIR/unreadable.txt                            files that could not be read, if any, and why
DIR/dataset.json                              the manifest, written last: if it exists, the folder is complete
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from minialex.checks import expected
from minialex.data.dataset import Dataset
from minialex.data.locations import absent_path
from minialex.data.prepared.manifest import MANIFEST, STATISTICS, read_manifest
from minialex.data.prepared.parts import joint_fingerprint
from minialex.data.prepared.reading import one_line_errors, require
from minialex.data.prepared.shard_files import read_facts
from minialex.data.prepared.shard_images import read_images, shard_path
from minialex.data.prepared.statistics_file import read_statistics
from minialex.data.preprocessing import resize
from minialex.data.shards import Shards
from minialex.data.split import Split
from minialex.files.paths import as_path


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared(Dataset):
    """A dataset whose images are stored in shards, with the statistics of all its training images.

    The statistics stay those of all training images when a limit leaves fewer of them.

    Shapes: mean float32 (3, S, S), the mean image; mean_rgb (3,), covariance (3, 3) of red, green and blue,
            eigenvalues (3,), largest first, eigenvectors (3, 3), in columns.
    Args:   fingerprint, of the image files that it was made of.
    """

    mean: np.ndarray
    mean_rgb: np.ndarray
    covariance: np.ndarray
    eigenvalues: np.ndarray
    eigenvectors: np.ndarray
    fingerprint: str

    def mean_image(self) -> np.ndarray:
        """Return the stored mean of all training images, float32 (3, S, S)."""
        return self.mean

    def colour_components(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the stored eigenvalues (3,) and eigenvectors (3, 3), in columns."""
        return self.eigenvalues, self.eigenvectors

    def resize(self, size: int) -> Self:
        """Return the dataset with images of this size; the mean image is resized, the colours' components stay."""
        return replace(super().resize(size), mean=resize(self.mean[None], size)[0])


def is_prepared(path: Path) -> bool:
    """Tell whether this is a folder of prepared images, possibly unfinished or damaged."""
    return not (path / "train").is_dir() and any(
        file.is_file() for file in (path / MANIFEST, shard_path(path, "train", 0))
    )


def check_unprepared(path: Path) -> None:
    """Check that this is not a folder of prepared images, where image files are needed."""
    if is_prepared(path):
        raise expected(path, "a folder of image files", "one that is prepared", "give the one before")


def read_prepared(path: str | os.PathLike) -> Prepared:
    """Read the images that `prepare` has written; they stay on the disk until they are indexed.

    Errors: FileNotFoundError if the folder is absent; ValueError, naming the file, if one is missing or damaged.
    """
    root = as_path("read_prepared", path)
    if not root.is_dir():
        raise absent_path(path, "a folder of prepared images")
    about = read_manifest(root / MANIFEST)
    train, unreadable, made_of = read_shards(root, "train", about)
    val, more, also_of = read_shards(root, "val", about)
    with one_line_errors(root / MANIFEST):
        joint = joint_fingerprint(about["name"], about["classes"], [*made_of, *also_of])
        require(joint == about["fingerprint"], "one of other shards")
    statistics = read_statistics(root / STATISTICS, about["size"])
    classes, lost = tuple(about["classes"]), (*unreadable, *more)
    return Prepared(about["name"], classes, train, val, lost, fingerprint=about["fingerprint"], **statistics)


def read_shards(root: Path, split: str, about: dict) -> tuple[Split, list[str], list[tuple[str, str]]]:
    """Read the images and labels of a split.

    Return them, the names of the files that could not be read, and the fingerprint of each shard.
    """
    parts, labels, unreadable, made_of = [], [], [], []
    checksums: list[np.ndarray | None] = []
    for number, count in enumerate(about["shards"][split]):
        path = shard_path(root, split, number)
        facts = read_facts(path.with_suffix(".npz"))
        with one_line_errors(path.with_suffix(".npz")):
            require(len(facts.labels) == count, f"{len(facts.labels)} labels for {count} images")
            valid = (facts.labels >= 0) & (facts.labels < len(about["classes"]))
            require(bool(valid.all()), f"labels beyond the {len(about['classes'])} classes")
        parts.append(read_images(path, count, about["size"]))
        labels.append(facts.labels)
        checksums.append(facts.checksums)
        made_of.append((split, facts.fingerprint))
        unreadable += [name for name, _ in facts.unreadable]
    known = [one for one in checksums if one is not None]
    guarded = np.concatenate(known) if len(known) == len(parts) else None
    return Split(Shards(parts, checksums=guarded), np.concatenate(labels)), unreadable, made_of

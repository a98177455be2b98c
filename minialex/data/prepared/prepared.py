"""Prepared images: a folder of shards, read without loading them.

DIR/train-00000.npy, train-00001.npy, ...     images, uint8 (n, 3, S, S), class after class
DIR/train-00000.npz, ...                      their labels and sums, and which files could not be read
DIR/val-00000.npy, val-00000.npz, ...         the same of the images to validate on, without sums
DIR/statistics.npz                            mean image, covariance of the colours: see statistics.py
DIR/unreadable.txt                            files that could not be read, if any, and why
DIR/dataset.json                              written last: where it is, all is there
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from minialex.data.dataset import Dataset, Split
from minialex.data.pixel_statistics import statistics, sums_of_all
from minialex.data.prepared.shard_files import expect, read_facts, read_images, shard_path, whole
from minialex.data.preprocessing import mean_image
from minialex.data.shards import Shards

FORMAT = 1  # another one whenever files or pixels are made in another way
MANIFEST, STATISTICS, UNREADABLE = "dataset.json", "statistics.npz", "unreadable.txt"


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared(Dataset):
    """A dataset whose images lie in shards, with the statistics of all its training images.

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


def mean_of(dataset: Dataset) -> np.ndarray:
    """The mean image of the training images, before a limit if they are prepared."""
    return dataset.mean if isinstance(dataset, Prepared) else mean_image(dataset.train.images)


def components_of(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """The eigenvalues and eigenvectors of the training images' colours, before a limit if they are prepared."""
    if isinstance(dataset, Prepared):
        return dataset.eigenvalues, dataset.eigenvectors
    found = statistics(sums_of_all(dataset.train.images))
    return found["eigenvalues"], found["eigenvectors"]


def is_prepared(path: Path) -> bool:
    """Whether this is a folder of prepared images, be it unfinished or damaged."""
    return not (path / "train").is_dir() and any(
        file.is_file() for file in (path / MANIFEST, shard_path(path, "train", 0))
    )


def read_prepared(path: str | os.PathLike) -> Prepared:
    """The images that `prepare` has written; they stay on the disk until they are asked for.

    Errors: FileNotFoundError if the folder is absent; ValueError, naming the file, if one is missing or damaged.
    """
    root = Path(path)
    if not root.is_dir():
        raise FileNotFoundError(f"{path}: expected a folder of prepared images, got a path that is absent; check it")
    about = read_manifest(root / MANIFEST)
    train, val = (read_split(root, split, about) for split in ("train", "val"))
    statistics = read_statistics(root / STATISTICS, about["size"])
    lost = (*train[1], *val[1])
    return Prepared(
        about["name"], tuple(about["classes"]), train[0], val[0], lost, fingerprint=about["fingerprint"], **statistics
    )


def read_manifest(path: Path) -> dict:
    """The manifest, its every value checked."""
    with whole(path):
        about = json.loads(path.read_text("utf-8"))
        expect(isinstance(about, dict) and about.get("format") == FORMAT, "another format")
        expect(all(isinstance(about.get(key), str) for key in ("name", "fingerprint")), "no name or fingerprint")
        classes = about.get("classes")
        expect(isinstance(classes, list) and all(isinstance(name, str) for name in classes), "no list of classes")
        expect(is_count(about.get("size")), f"size {about.get('size')!r}")
        shards = about.get("shards")
        expect(isinstance(shards, dict), "no shards")
        for split in ("train", "val"):
            counts = shards.get(split)
            expect(isinstance(counts, list) and any(counts), f"no shards of {split}")
            expect(all(is_count(count, 0) for count in counts), f"shards of {counts!r:.80} images")
        return about


def is_count(number, least: int = 1) -> bool:
    return type(number) is int and least <= number < 2**31


def read_split(root: Path, split: str, about: dict) -> tuple[Split, list[str]]:
    """The images and labels of a split, and the names of the files that could not be read."""
    parts, labels, lost = [], [], []
    for number, count in enumerate(about["shards"][split]):
        path = shard_path(root, split, number)
        facts = read_facts(path.with_suffix(".npz"))
        with whole(path.with_suffix(".npz")):
            expect(len(facts.labels) == count, f"{len(facts.labels)} labels for {count} images")
            right = (facts.labels >= 0) & (facts.labels < len(about["classes"]))
            expect(bool(right.all()), f"labels beyond the {len(about['classes'])} classes")
        parts.append(read_images(path, count, about["size"]))
        labels.append(facts.labels)
        lost += [name for name, _ in facts.unreadable]
    return Split(Shards(parts), np.concatenate(labels)), lost


def read_statistics(path: Path, size: int) -> dict[str, np.ndarray]:
    """The statistics, by their names in `Prepared`."""
    shapes = {"mean": (3, size, size), "mean_rgb": (3,), "covariance": (3, 3), "eigenvalues": (3,),
              "eigenvectors": (3, 3)}  # fmt: skip
    with whole(path), path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        found = {name: file[name] for name in shapes}
        for name, values in found.items():
            expect(values.dtype == (np.float32 if name == "mean" else np.float64), f"{name} of {values.dtype}")
            expect(values.shape == shapes[name] and bool(np.isfinite(values).all()), f"{name} {values.shape}")
        return found

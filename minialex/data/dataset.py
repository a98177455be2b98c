"""Dataset: images and labels to learn from and to be judged by."""

from dataclasses import dataclass

import numpy as np

from minialex.data.shards import Shards


@dataclass(frozen=True, eq=False)  # no ==: it would have to compare all pixels
class Split:
    """Images and their labels.

    Shapes: images (N, 3, H, W) of uint8, 0 to 255 (they may be a memory map or `Shards`: read them in slices);
            labels (N,) of int64, places in the dataset's classes.
    Errors: ValueError if the shapes or dtypes are others.
    """

    images: np.ndarray | Shards
    labels: np.ndarray

    def __post_init__(self) -> None:
        images, labels = self.images, self.labels
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1] != 3:
            came = f"{images.dtype} {images.shape}"
            raise ValueError(f"images: expected uint8 (N, 3, H, W), got {came}; convert or transpose them")
        if labels.dtype != np.int64 or labels.shape != images.shape[:1]:
            came = f"{labels.dtype} {labels.shape}"
            raise ValueError(f"labels: expected int64 ({len(images)},), got {came}; give one label an image")

    def __len__(self) -> int:
        return len(self.labels)

    def limit(self, n: int) -> "Split":
        """At most n of the images, always the same ones, as evenly over the classes as can be, in their order."""
        check_count(n, "limit")
        return self if n >= len(self) else self.take(spread_evenly(self.labels, n))

    def take(self, places: np.ndarray) -> "Split":
        """The images at these places; those of shards are not read yet."""
        images = self.images.take(places) if isinstance(self.images, Shards) else self.images[places]
        return Split(images, self.labels[places])


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images to train on and images to validate on, with the names of their classes.

    Args:   unreadable, the names of image files that could not be read and are left out.
    Errors: ValueError if a split is empty, a label has no class, or the two splits differ in image size.
    """

    name: str
    classes: tuple[str, ...]
    train: Split
    val: Split
    unreadable: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for split, where in ((self.train, "train"), (self.val, "val")):
            if len(split) == 0:
                raise ValueError(f"{self.name}: expected images in {where}, got none; add some")
            lowest, highest = int(split.labels.min()), int(split.labels.max())
            if lowest < 0 or highest >= len(self.classes):
                wrong = lowest if lowest < 0 else highest
                raise ValueError(
                    f"{self.name}: expected labels 0 to {len(self.classes) - 1} in {where}, got {wrong}; "
                    "number the classes from 0"
                )
        train, val = self.train.images.shape[1:], self.val.images.shape[1:]
        if train != val:
            raise ValueError(f"{self.name}: expected val images {train} as in train, got {val}; resize them")

    @property
    def image_size(self) -> int:
        """The side of the images, in pixels."""
        return self.train.images.shape[-1]


def spread_evenly(labels: np.ndarray, n: int) -> np.ndarray:
    """The places of n labels: the first of each class, then the second of each, and so on; in ascending order."""
    by_class = np.argsort(labels, kind="stable")
    _, starts, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    turn = np.empty(len(labels), dtype=np.int64)  # 0 for the first of its class, 1 for the second, ...
    turn[by_class] = np.arange(len(labels)) - np.repeat(starts, counts)
    return np.sort(np.argsort(turn, kind="stable")[:n])


def check_count(number: int, name: str) -> None:
    """Checks that a number of things is a whole number from 1."""
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
        raise ValueError(f"{name}: expected a whole number from 1, got {number!r}; change {name}")

"""Dataset: images and labels for training and validation."""

from dataclasses import dataclass

import numpy as np

from minialex.checks import check_integers, described, expected
from minialex.data.pixel_statistics import statistics, sums_of_all
from minialex.data.preprocessing import mean_image
from minialex.data.shards import Shards


@dataclass(frozen=True, eq=False)  # no ==: it would have to compare all pixels
class Split:
    """Images and their labels.

    Shapes: images (N, 3, H, W) of uint8, 0 to 255 (they may be a memory map or `Shards`: read them in slices);
            labels (N,) of int64, indices into the dataset's classes.
    Errors: ValueError if the shapes or dtypes are others.
    """

    images: np.ndarray | Shards
    labels: np.ndarray

    def __post_init__(self) -> None:
        images, labels = self.images, self.labels
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1] != 3:
            raise expected("images", "uint8 (N, 3, H, W)", described(images), "convert or transpose them")
        if labels.dtype != np.int64 or labels.shape != images.shape[:1]:
            raise expected("labels", f"int64 ({len(images)},)", described(labels), "give one label an image")

    def __len__(self) -> int:
        return len(self.labels)

    def limit(self, n: int) -> "Split":
        """Return at most n of the images, always the same ones, as evenly over the classes as can be, in order."""
        check_integers("Split", limit=n)
        return self if n >= len(self) else self.take(evenly_over_classes(self.labels, n))

    def take(self, indices: np.ndarray) -> "Split":
        """Return the images at these indices; those of shards are not read yet."""
        images = self.images.take(indices) if isinstance(self.images, Shards) else self.images[indices]
        return Split(images, self.labels[indices])


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images for training and for validation, with the names of their classes.

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
                raise expected(self.name, f"images in {where}", "none", "add some")
            lowest, highest = int(split.labels.min()), int(split.labels.max())
            if lowest < 0 or highest >= len(self.classes):
                wrong = lowest if lowest < 0 else highest
                what = f"labels 0 to {len(self.classes) - 1} in {where}"
                raise expected(self.name, what, wrong, "number the classes from 0")
        train, val = self.train.images.shape[1:], self.val.images.shape[1:]
        if train != val:
            raise expected(self.name, f"val images {train} as in train", val, "resize them")

    @property
    def image_size(self) -> int:
        """The side of the images, in pixels."""
        return self.train.images.shape[-1]

    def mean_image(self) -> np.ndarray:
        """Return the mean of the training images, float32 (3, H, W)."""
        return mean_image(self.train.images)

    def colour_components(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the eigenvalues (3,) and eigenvectors (3, 3), in columns, of the training pixels' colours."""
        computed = statistics(sums_of_all(self.train.images))
        return computed["eigenvalues"], computed["eigenvectors"]


def evenly_over_classes(labels: np.ndarray, n: int) -> np.ndarray:
    """Return the indices of n labels: the first of each class, then the second of each, ...; in ascending order."""
    by_class = np.argsort(labels, kind="stable")
    _, starts, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    turn = np.empty(len(labels), dtype=np.int64)  # 0 for the first of its class, 1 for the second, ...
    turn[by_class] = np.arange(len(labels)) - np.repeat(starts, counts)
    return np.sort(np.argsort(turn, kind="stable")[:n])

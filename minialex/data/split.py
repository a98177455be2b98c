"""Split: images and their labels, for training or for validation."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from minialex.checks import check_integers, described, expected
from minialex.data.arrays import check_image_array, image_array, label_array
from minialex.data.shards import Shards


@dataclass(frozen=True, eq=False)  # no ==: it would have to compare all pixels
class Split:
    """Images and their labels.

    Shapes: images (N, C, H, W) of uint8, 0 to 255, or of floats (they may be a memory map or `Shards`: read them in
            slices); labels (N,) of integers, indices into the dataset's classes, which become int64.
    Errors: ValueError, with the remedy, if the shapes or dtypes are others, or a float is nan or infinite.
    """

    images: np.ndarray | Shards
    labels: np.ndarray

    def __post_init__(self) -> None:
        check_image_array(self.images)
        object.__setattr__(self, "labels", label_array(self.labels, len(self.images)))

    @classmethod
    def from_arrays(cls, images: Any, labels: Any) -> Self:
        """Return the split of these images and labels, arrays or lists; images may be (N, H, W), of one channel.

        Errors: ValueError, with the remedy, for no images, NHWC, one-hot labels, numbers of images and labels that
                differ, and all that `Split` refuses.
        """
        return cls(image_array(images), labels)

    def __len__(self) -> int:
        return len(self.labels)

    def limit(self, n: int) -> "Split":
        """Return at most n of the images, always the same ones, as evenly over the classes as can be, in order."""
        check_integers("Split", limit=n)
        return self if n >= len(self) else self.take(evenly_over_classes(self.labels, n))

    def take(self, indices: np.ndarray) -> "Split":
        """Return the images at these indices; those of shards are not read yet."""
        if np.asarray(indices).dtype.kind not in "iub":
            raise expected("take", "an array of indices", described(indices), "pass integers")
        images = self.images.take(indices) if isinstance(self.images, Shards) else self.images[indices]
        return Split(images, self.labels[indices])


def evenly_over_classes(labels: np.ndarray, n: int) -> np.ndarray:
    """Return the indices of n labels: the first of each class, then the second of each, ...; in ascending order."""
    by_class = np.argsort(labels, kind="stable")
    _, starts, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    turn = np.empty(len(labels), dtype=np.int64)  # 0 for the first of its class, 1 for the second, ...
    turn[by_class] = np.arange(len(labels)) - np.repeat(starts, counts)
    return np.sort(np.argsort(turn, kind="stable")[:n])

"""Dataset: images and labels for training and validation, with the names of the classes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from minialex.checks import check_kinds, described, expected
from minialex.data.arrays import image_array, numbered, one_axis
from minialex.data.pixel_statistics import statistics, sums_of_all
from minialex.data.preprocessing import mean_image
from minialex.data.resized import resized_images
from minialex.data.split import Split


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
        check_kinds("Dataset", Split, "pass Split.from_arrays(images, labels)", train=self.train, val=self.val)
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
        if (self.train.images.dtype == np.uint8) != (self.val.images.dtype == np.uint8):
            got = f"{self.train.images.dtype} in train, {self.val.images.dtype} in val"
            raise expected(self.name, "uint8 in both splits, or floats", got, "convert both in the same way")

    @classmethod
    def from_arrays(
        cls, train_x: Any, train_y: Any, val_x: Any, val_y: Any, classes: Sequence | None = None, *, name="arrays"
    ) -> "Dataset":
        """Return the dataset of these arrays or lists, as `Split.from_arrays` takes them; labels may be texts.

        Args:   classes, their names, in the order of integer labels; None: the labels that occur, sorted, are the
                classes and their names.
        Errors: those of `Split.from_arrays`; ValueError for a label that is not among the classes.
        """
        train, val = image_array(train_x), image_array(val_x)
        names, *labels = numbered(one_axis(train_y, len(train)), one_axis(val_y, len(val)), classes)
        return Dataset(name, names, Split(train, labels[0]), Split(val, labels[1]))

    @property
    def image_size(self) -> int:
        """The side of the images, in pixels; of rectangular ones the width."""
        return self.train.images.shape[-1]

    @property
    def channels(self) -> int:
        """The number of channels: 3 for red, green and blue, 1 for grey."""
        return self.train.images.shape[1]

    def limit(self, n: int) -> Self:
        """Return the dataset with at most n images in each split, as `Split.limit` chooses them."""
        return replace(self, train=self.train.limit(n), val=self.val.limit(n))

    def resize(self, size: int) -> Self:
        """Return the dataset with images of this size, in memory or, where they take much, resized when read."""
        train, val = (Split(resized_images(split.images, size), split.labels) for split in (self.train, self.val))
        return replace(self, train=train, val=val)

    def mean_image(self) -> np.ndarray:
        """Return the mean of the training images, float32 (C, H, W)."""
        return mean_image(self.train.images)

    def colour_components(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the eigenvalues (3,) and eigenvectors (3, 3), in columns, of the training pixels' colours.

        Errors: ValueError unless the images are uint8 with 3 channels.
        """
        if self.channels != 3 or self.train.images.dtype != np.uint8:
            got = described(self.train.images)
            raise expected("colour", "images of red, green and blue, uint8 (N, 3, H, W)", got, "leave colour out")
        computed = statistics(sums_of_all(self.train.images))
        return computed["eigenvalues"], computed["eigenvectors"]

"""The augmentation of a training set: its steps in order, and the same result however the work is divided.

Step k has its own generator in each epoch e, made from (seed, e, k). At the start of the epoch it draws a row of random
numbers for every image of the set, 29 MB for the 1.2 million images of ImageNet and the paper's steps. After that
nothing is drawn: any worker may process any images, in any order and batch, and each image is changed by its own rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from minialex.checks import check_integers, check_kinds, described, expected
from minialex.data.augmentation.step import AugmentationStep

STREAM = 41  # apart from the generators of the same seed that draw shapes, weights and orders


class Augmentation:
    """A sequence of augmentation steps, and the seed of their random draws.

    Args:   steps, each an AugmentationStep, in the order in which they are applied; seed, an integer >= 0.
    Errors: ValueError if a step or the seed is none.
    """

    def __init__(self, steps: Sequence[AugmentationStep], *, seed: int):
        check_kinds("Augmentation", list | tuple, "pass [RandomCrop(224), ...]", steps=steps)
        self.steps = tuple(steps)
        for step in self.steps:
            if not isinstance(step, AugmentationStep):
                raise expected("Augmentation", "steps such as RandomCrop(224)", repr(step), "change steps")
        check_integers("Augmentation", 0, seed=seed)
        self.seed = seed

    def __repr__(self) -> str:
        return f"Augmentation({list(self.steps)}, seed={self.seed})"

    def output_size(self, size: int) -> int:
        """Return the side of the result for square images of side `size`.

        Errors: ValueError if a step cannot process images of that size: call it before training.
        """
        return output_size(self.steps, size)

    def epoch(self, number: int, images: int) -> "Epoch":
        """Draw the random numbers of one epoch for a number of images.

        Errors: ValueError if either is no integer >= 0.
        """
        check_integers("Augmentation", 0, epoch=number, images=images)
        rows = [step.rows(self._rng_of(k), number, images) for k, step in enumerate(self.steps)]
        return Epoch(self.steps, tuple(rows), images)

    def _rng_of(self, k: int) -> Callable[[int], np.random.Generator]:
        return lambda epoch: np.random.default_rng([self.seed, epoch, k, STREAM])


@dataclass(frozen=True, eq=False)
class Epoch:
    """The random draws of one epoch, which several workers may apply to batches concurrently."""

    steps: tuple[AugmentationStep, ...]
    rows: tuple[np.ndarray, ...]
    images: int

    def output_size(self, size: int) -> int:
        """Return the side of the result for square images of side `size`; of rectangles, each side by itself."""
        return output_size(self.steps, size)

    def crop(self, shape: tuple) -> int | None:
        """Return the side of the squares that are cut out of images of this shape, None if they stay whole."""
        sides = tuple(map(self.output_size, shape[2:]))
        return None if sides == tuple(shape[2:]) else sides[0]

    def apply(self, x: np.ndarray, indices: np.ndarray) -> np.ndarray:
        """Return the batch, augmented.

        Shapes: float (n, C, H, W), minus the mean image -> (n, C, H', W') of the same dtype; without steps, x.
        Args:   indices (n,), of these images in the set.
        Errors: ValueError if x is no such batch, or indices are not those of its images.
        """
        indices = np.asarray(indices)
        check_batch(x, indices, self.images)
        for step, rows in zip(self.steps, self.rows, strict=True):
            x = step.apply(x, rows[indices])
        return x


def output_size(steps: Sequence[AugmentationStep], size: int) -> int:
    """Return the side of the result of several steps."""
    for step in steps:
        size = step.output_size(size)
    return size


def check_batch(x: np.ndarray, indices: np.ndarray, images: int) -> None:
    """Check that this is a batch of floats, and that every index is that of an image."""
    if x.ndim != 4 or x.size == 0 or x.dtype.kind != "f":
        raise expected("x", "floats (n, C, H, W)", described(x), "subtract the mean image first")
    if indices.shape != x.shape[:1] or indices.dtype.kind not in "iu":
        raise expected("indices", f"integers ({len(x)},)", described(indices), "give one for each image")
    if indices.min() < 0 or indices.max() >= images:
        wrong = indices.min() if indices.min() < 0 else indices.max()
        raise expected("indices", f"0 to {images - 1}", wrong, "number the images of the set from 0")

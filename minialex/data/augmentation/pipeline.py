"""The layers one after the other, and why the same seed gives the same images however the work is dealt.

Layer k has a generator of its own in each epoch e, made from (seed, e, k). At the start of the epoch it draws a row for
every image of the set: a few numbers each, 29 MB for the 1.2 million images of ImageNet and the paper's layers. From
then on nothing is drawn. Any worker may take any images, in any order and number, and each image meets its own rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minialex.data.augmentation.step import AugmentationLayer

STREAM = 41  # apart from the generators of the same seed that draw shapes, weights and orders


class Augmentation:
    """Layers of augmentation, and the seed of their chance.

    Args:   layers, each an AugmentationLayer, in the order in which images go through; seed, a whole number from 0.
    Errors: ValueError if a layer or the seed is none.
    """

    def __init__(self, layers: Sequence[AugmentationLayer], *, seed: int):
        self.layers = tuple(layers)
        for layer in self.layers:
            if not isinstance(layer, AugmentationLayer):
                raise ValueError(f"layers: expected layers such as RandomCrop(224), got {layer!r}; change layers")
        check_number(seed, "seed")
        self.seed = seed

    def __repr__(self) -> str:
        return f"Augmentation({list(self.layers)}, seed={self.seed})"

    def output_size(self, size: int) -> int:
        """The side of what comes out of square images of this side.

        Errors: ValueError if a layer cannot take what comes: ask before training.
        """
        return output_size(self.layers, size)

    def epoch(self, number: int, images: int) -> "Epoch":
        """What chance has in this epoch for each of so many images.

        Errors: ValueError if either is no whole number from 0.
        """
        check_number(number, "epoch")
        check_number(images, "images")
        rngs = [np.random.default_rng([self.seed, number, k, STREAM]) for k in range(len(self.layers))]
        rows = [layer.draw(rng, images) for layer, rng in zip(self.layers, rngs, strict=True)]
        return Epoch(self.layers, tuple(rows), images)


@dataclass(frozen=True, eq=False)
class Epoch:
    """One epoch's draws, of which several workers may apply parts at the same time."""

    layers: tuple[AugmentationLayer, ...]
    rows: tuple[np.ndarray, ...]
    images: int

    def output_size(self, size: int) -> int:
        """The side of what comes out of square images of this side."""
        return output_size(self.layers, size)

    def apply(self, x: np.ndarray, places: np.ndarray) -> np.ndarray:
        """The batch, augmented.

        Shapes: float (n, 3, H, W), minus the mean image -> (n, 3, H', W') of the same dtype; without layers, x.
        Args:   places (n,), the numbers of these images in the set.
        Errors: ValueError if x is no such batch, or places are not the numbers of its images.
        """
        places = np.asarray(places)
        check_batch(x, places, self.images)
        for layer, rows in zip(self.layers, self.rows, strict=True):
            x = layer.apply(x, rows[places])
        return x


def output_size(layers: Sequence[AugmentationLayer], size: int) -> int:
    for layer in layers:
        size = layer.output_size(size)
    return size


def check_batch(x: np.ndarray, places: np.ndarray, images: int) -> None:
    """Checks that this is a batch of floats, and that every place is that of an image."""
    if x.ndim != 4 or x.shape[1] != 3 or x.size == 0 or x.dtype.kind != "f":
        raise ValueError(f"x: expected floats (n, 3, H, W), got {x.dtype} {x.shape}; subtract the mean image first")
    if places.shape != x.shape[:1] or places.dtype.kind not in "iu":
        came = f"{places.dtype} {places.shape}"
        raise ValueError(f"places: expected whole numbers ({len(x)},), got {came}; give one for each image")
    if places.min() < 0 or places.max() >= images:
        wrong = places.min() if places.min() < 0 else places.max()
        raise ValueError(f"places: expected 0 to {images - 1}, got {wrong}; number the images of the set from 0")


def check_number(number: int, name: str) -> None:
    """Checks that this is a whole number from 0."""
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 0:
        raise ValueError(f"{name}: expected a whole number from 0, got {number!r}; change {name}")

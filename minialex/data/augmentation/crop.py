"""Crops: the net reads a window of the image, at random in training, the central one otherwise (section 4.1).

A window of 224 pixels has 33 positions along a side of 256, offsets 0 to 32. That is 33 * 33 = 1089 crops, 2178 with
reflections. The paper's "factor of 2048" is 32 * 32 * 2; the source draws from 33.
"""

from dataclasses import dataclass

import numpy as np

from minialex.checks import check_integers, described, expected
from minialex.data.augmentation.step import AugmentationStep, uniform_integers


@dataclass(frozen=True)
class RandomCrop(AugmentationStep):
    """A square window of each image, at a random position (section 4.1).

        y = x[:, top : top + size, left : left + size],  top in 0..H - size, left in 0..W - size, all equally likely

    Shapes: (n, C, H, W) -> (n, C, size, size).
    Args:   size, the window's side: 224, 227, or 24 for CIFAR-10.
    Errors: ValueError if size is below 1 or larger than the images.
    """

    size: int
    columns = 2  # top, left

    def __post_init__(self) -> None:
        check_integers("RandomCrop", size=self.size)

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        y = np.empty((*x.shape[:2], self.size, self.size), dtype=x.dtype)
        for image, out, (top, left) in zip(x, y, self.offsets(x, rows).tolist(), strict=True):
            out[:] = window(image, top, left, self.size)  # an image at a time is faster than one gather of all
        return y

    def offsets(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return top and left of each window, integers (n, 2)."""
        return uniform_integers(rows, np.add(largest_offsets(self.size, x), 1))

    def output_size(self, size: int) -> int:
        check_fits(self.size, size)
        return self.size


@dataclass(frozen=True)
class CentreCrop(AugmentationStep):
    """The central window of each image, for training without random crops.

    Shapes: (n, C, H, W) -> (n, C, size, size).
    Errors: ValueError if size is below 1 or larger than the images.
    """

    size: int
    columns = 0

    def __post_init__(self) -> None:
        check_integers("CentreCrop", size=self.size)

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return centre_crop(x, self.size)

    def offsets(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return top and left of the windows, integers (2,)."""
        return np.array(largest_offsets(self.size, x)) // 2

    def output_size(self, size: int) -> int:
        check_fits(self.size, size)
        return self.size


def centre_crop(x: np.ndarray, size: int) -> np.ndarray:
    """Return the central window; where the edges cannot be equal, one pixel nearer the top and the left.

    Shapes: (n, C, H, W) -> (n, C, size, size), a new array.
    Errors: ValueError if size is below 1 or larger than the images.
    """
    check_integers("centre_crop", size=size)
    if not isinstance(x, np.ndarray) or x.ndim < 2:
        raise expected("centre_crop", "x to be images (n, C, H, W)", described(x), "pass a batch of images")
    down, right = largest_offsets(size, x)
    return window(x, down // 2, right // 2, size).copy()


def window(x: np.ndarray, top: int, left: int, size: int) -> np.ndarray:
    """Return a square of the last two axes, as a view."""
    return x[..., top : top + size, left : left + size]


def largest_offsets(size: int, x: np.ndarray) -> tuple[int, int]:
    """Return the largest offsets, down and to the right, of a window in these images."""
    H, W = x.shape[2:]
    check_fits(size, min(H, W))
    return H - size, W - size


def check_fits(size: int, side: int) -> None:
    """Check that a window fits into an image."""
    if size > side:
        raise expected("crop", f"images of at least {size} pixels", side, "crop less or enlarge them")

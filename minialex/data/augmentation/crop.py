"""Random crops: the net sees a window of the image, each time another one (section 4.1).

A window of 224 pixels has 33 places along a side of 256, offsets 0 to 32. That is 33 * 33 = 1089 crops, 2178 with
reflections. The paper's "factor of 2048" is 32 * 32 * 2; the source draws 33.
"""

from dataclasses import dataclass

import numpy as np

from minialex.data.augmentation.step import AugmentationLayer, whole_numbers
from minialex.data.dataset import check_count


@dataclass(frozen=True)
class RandomCrop(AugmentationLayer):
    """A square window of each image, at a place of its own (section 4.1).

        y = x[:, top : top + size, left : left + size],  top in 0..H - size, left in 0..W - size, all equally likely

    Shapes: (n, 3, H, W) -> (n, 3, size, size).
    Args:   size, the window's side: 224, 227, or 24 for CIFAR-10.
    Errors: ValueError if size is below 1 or larger than the images.
    """

    size: int
    columns = 2  # top, left

    def __post_init__(self) -> None:
        check_count(self.size, "size of RandomCrop")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        room = room_for(self.size, x)
        out = np.empty((*x.shape[:2], self.size, self.size), dtype=x.dtype)
        offsets = whole_numbers(rows, np.add(room, 1))
        for image, place, (top, left) in zip(x, out, offsets.tolist(), strict=True):
            place[:] = window(image, top, left, self.size)  # an image at a time is faster than one gather of all
        return out

    def output_size(self, size: int) -> int:
        check_fits(self.size, size)
        return self.size


@dataclass(frozen=True)
class CentreCrop(AugmentationLayer):
    """The window in the middle of each image, for training without chance.

    Shapes: (n, 3, H, W) -> (n, 3, size, size).
    Errors: ValueError if size is below 1 or larger than the images.
    """

    size: int
    columns = 0

    def __post_init__(self) -> None:
        check_count(self.size, "size of CentreCrop")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        down, right = room_for(self.size, x)
        return window(x, down // 2, right // 2, self.size).copy()

    def output_size(self, size: int) -> int:
        check_fits(self.size, size)
        return self.size


def window(x: np.ndarray, top: int, left: int, size: int) -> np.ndarray:
    """A square of the last two axes, as a view."""
    return x[..., top : top + size, left : left + size]


def room_for(size: int, x: np.ndarray) -> tuple[int, int]:
    """The largest offsets, down and to the right, of a window in these images."""
    H, W = x.shape[2:]
    check_fits(size, min(H, W))
    return H - size, W - size


def check_fits(size: int, side: int) -> None:
    """Checks that a window fits into an image."""
    if size > side:
        raise ValueError(f"crop: expected images of at least {size} pixels, got {side}; crop less or enlarge them")

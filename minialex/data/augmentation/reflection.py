"""Reflections: a bird that looks left is as good an example as one that looks right (section 4.1).

Upside down it is not: photographs have a top. `RandomUpsideDown` is for images that have none, of cells or from above.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minialex.data.augmentation.step import AugmentationStep


@dataclass(frozen=True)
class RandomReflection(AugmentationStep):
    """A horizontal reflection of half of the images (section 4.1).

        y[..., j] = x[..., W - 1 - j] with probability 1/2, else x[..., j]

    Shapes: (n, C, H, W) -> (n, C, H, W).
    """

    columns = 1

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return half_of(x, x[:, :, :, ::-1], rows)


@dataclass(frozen=True)
class AlternatingReflection(RandomReflection):
    """A horizontal reflection of each image in every second epoch (a variant, not in the paper).

        y[..., j] = x[..., W - 1 - j] where first + epoch is odd, else x[..., j];   first is 0 or 1, drawn once an image

    Two epochs in sequence show both sides of every image; with `RandomReflection` half of the images show one side
    twice. The number of the epoch decides, so a run that is resumed sees the same images.

    Shapes: (n, C, H, W) -> (n, C, H, W).
    Source: K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024), "alternating flip".
    """

    def rows(self, rng_of: Callable[[int], np.random.Generator], epoch: int, n: int) -> np.ndarray:
        first = self.draw(rng_of(0), n) < 0.5
        return np.where(first ^ bool(epoch % 2), np.float32(0), np.float32(0.5))  # below 0.5: reflected


@dataclass(frozen=True)
class RandomUpsideDown(AugmentationStep):
    """A vertical reflection, top to bottom, of half of the images (a variant, not in the paper).

        y[..., i, :] = x[..., H - 1 - i, :] with probability 1/2, else x[..., i, :]

    Shapes: (n, C, H, W) -> (n, C, H, W).
    """

    columns = 1

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return half_of(x, x[:, :, ::-1], rows)


def chosen(rows: np.ndarray) -> np.ndarray:
    """Tell which images are reflected: those whose random number is below one half, bool (n,)."""
    return rows[:, 0] < 0.5


def half_of(x: np.ndarray, reflected: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return each image as it is, or reflected where it is chosen."""
    y = np.empty_like(x, order="C")
    for image, mirrored, out, is_chosen in zip(x, reflected, y, chosen(rows).tolist(), strict=True):
        out[:] = mirrored if is_chosen else image
    return y

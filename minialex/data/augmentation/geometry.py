"""Variants, not in the paper: random rotation, scale and shift. Pixels from outside are 0, the mean image.

A shift may take them from the image instead, reflected at its border.
"""

from dataclasses import dataclass

import numpy as np

from minialex.checks import check_integers, choose, expected
from minialex.data.augmentation.bilinear import resample
from minialex.data.augmentation.step import AugmentationStep, uniform_integers


@dataclass(frozen=True)
class RandomRotation(AugmentationStep):
    """A rotation of each image about its centre, by a random angle (a variant, not in the paper).

        angle uniform in -degrees..degrees, anticlockwise

    Shapes: (n, C, H, W) -> (n, C, H, W); corners from outside the image are 0.
    Errors: ValueError if degrees is not in 0..180.
    """

    degrees: float
    columns = 1

    def __post_init__(self) -> None:
        if not 0 <= self.degrees <= 180:
            raise expected("degrees", "an angle from 0 to 180", repr(self.degrees), "change degrees")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        angle = np.radians(self.degrees * (2 * rows[:, 0].astype(np.float64) - 1))
        cos, sin = np.cos(angle), np.sin(angle)
        return resample(x, np.array([[cos, sin], [-sin, cos]]).transpose(2, 0, 1))


@dataclass(frozen=True)
class RandomScale(AugmentationStep):
    """A scaling of each image about its centre, by a random factor (a variant, not in the paper).

        factor uniform in low..high; above 1 enlarges

    Shapes: (n, C, H, W) -> (n, C, H, W): enlarged images lose their edges, reduced ones get a border of 0.
    Args:   low, high; below 1/2 whole pixels are skipped, so that fine patterns alias.
    Errors: ValueError if not 0 < low <= high.
    """

    low: float
    high: float
    columns = 1

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high < np.inf:
            got = f"{self.low!r} and {self.high!r}"
            raise expected("scale", "factors 0 < low <= high", got, "change low or high")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        factor = self.low + (self.high - self.low) * rows[:, 0].astype(np.float64)
        return resample(x, np.eye(2) / factor[:, None, None])


@dataclass(frozen=True)
class RandomShift(AugmentationStep):
    """A random shift of each image by whole pixels, vertical and horizontal (a variant, not in the paper).

        y[:, i, j] = x[:, i - down, j - right],  both in -pixels..pixels, all equally likely

    Shapes: (n, C, H, W) -> (n, C, H, W).
    Args:   pixels; border, what comes from outside the image: "zero", or "reflect", the pixels inside in reverse order,
            those of the edge once (x[1] before x[0]).
    Errors: ValueError if pixels is no integer >= 0, for another border, or if images are too small to be reflected.
    """

    pixels: int
    border: str = "zero"
    columns = 2  # down, right

    def __post_init__(self) -> None:
        check_integers("RandomShift", 0, pixels=self.pixels)
        choose({"zero": None, "reflect": None}, self.border, "RandomShift: border")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        shifts = uniform_integers(rows, 2 * self.pixels + 1) - self.pixels
        if self.border == "reflect":
            return windows_of_reflected(x, self.pixels, self.pixels - shifts)
        y = np.zeros_like(x, order="C")
        H, W = x.shape[2:]
        for image, out, (down, right) in zip(x, y, shifts.tolist(), strict=True):
            (to_i, from_i), (to_j, from_j) = overlap(down, H), overlap(right, W)
            out[:, to_i, to_j] = image[:, from_i, from_j]
        return y


def windows_of_reflected(x: np.ndarray, pixels: int, offsets: np.ndarray) -> np.ndarray:
    """Return windows of the images' size, at these offsets (n, 2), out of images with a reflected border.

    Errors: ValueError unless images have more pixels than the border.
    """
    H, W = x.shape[2:]
    if pixels >= min(H, W):
        raise expected("RandomShift", f"images of more than {pixels} pixels", min(H, W), "shift by fewer pixels")
    y = np.empty_like(x, order="C")
    wider = np.pad(x, ((0, 0), (0, 0), (pixels, pixels), (pixels, pixels)), mode="reflect")
    for image, out, (top, left) in zip(wider, y, offsets.tolist(), strict=True):
        out[:] = image[:, top : top + H, left : left + W]
    return y


def overlap(shift: int, side: int) -> tuple[slice, slice]:
    """Return the pixels of a line that stay inside when it is shifted: their indices after the shift, and before."""
    shift = max(-side, min(shift, side))
    return slice(max(shift, 0), side + min(shift, 0)), slice(max(-shift, 0), side - max(shift, 0))

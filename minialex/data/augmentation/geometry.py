"""Variants, not in the paper: random rotation, scale and shift. Pixels from outside are 0, the mean image.

Rotation and scale compute, for every pixel of the result, its position in the image. That position lies between four
pixels, which are averaged with weights by distance (bilinear interpolation).
"""

from dataclasses import dataclass

import numpy as np

from minialex.checks import check_integers, expected
from minialex.data.augmentation.step import AugmentationStep, uniform_integers

BAND = 32  # rows of the result that are computed together: their intermediate arrays stay in the cache


@dataclass(frozen=True)
class RandomRotation(AugmentationStep):
    """A rotation of each image about its centre, by a random angle (a variant, not in the paper).

        angle uniform in -degrees..degrees, anticlockwise

    Shapes: (n, 3, H, W) -> (n, 3, H, W); corners from outside the image are 0.
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

    Shapes: (n, 3, H, W) -> (n, 3, H, W): enlarged images lose their edges, reduced ones get a border of 0.
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

    Shapes: (n, 3, H, W) -> (n, 3, H, W); the border from outside the image is 0.
    Errors: ValueError if pixels is no integer >= 0.
    """

    pixels: int
    columns = 2  # down, right

    def __post_init__(self) -> None:
        check_integers("RandomShift", 0, pixels=self.pixels)

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        y = np.zeros_like(x, order="C")
        H, W = x.shape[2:]
        shifts = uniform_integers(rows, 2 * self.pixels + 1) - self.pixels
        for image, out, (down, right) in zip(x, y, shifts.tolist(), strict=True):
            (to_i, from_i), (to_j, from_j) = overlap(down, H), overlap(right, W)
            out[:, to_i, to_j] = image[:, from_i, from_j]
        return y


def overlap(shift: int, side: int) -> tuple[slice, slice]:
    """Return the pixels of a line that stay inside when it is shifted: their indices after the shift, and before."""
    shift = max(-side, min(shift, side))
    return slice(max(shift, 0), side + min(shift, 0)), slice(max(-shift, 0), side - max(shift, 0))


def resample(x: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """Return y with y(p) = x(M (p - centre) + centre) at each position p, interpolated; outside the image x is 0.

    Shapes: (n, 3, H, W), (n, 2, 2) acting on (row, column) -> (n, 3, H, W).
    """
    n, C, H, W = x.shape
    y = np.empty((n, C, H * W), dtype=x.dtype)
    framed = np.zeros((C, H + 3, W + 3), dtype=x.dtype)  # one line of 0 before the image, two after it
    pixels, step = framed.reshape(C, -1), BAND * W
    for image, matrix, out in zip(x, matrices.astype(x.dtype), y, strict=True):
        framed[:, 1:-2, 1:-2] = image
        for start in range(0, H * W, step):
            band = slice(start, min(start + step, H * W))
            (i, down), (j, right) = sources(matrix, H, W, range(band.start // W, band.stop // W))
            corner = i * (W + 3) + j
            upper, lower = (interpolate(pixels, k, k + 1, right) for k in (corner, corner + W + 3))
            lower -= upper
            lower *= down
            np.add(upper, lower, out=out[:, band])
    return y.reshape(x.shape)


def sources(matrix: np.ndarray, H: int, W: int, lines: range) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return where the pixels of these lines come from: (framed row before, weight of the next), columns likewise."""
    middles = [matrix.dtype.type((side - 1) / 2) for side in (H, W)]
    i, j = (np.arange(part.start, part.stop, dtype=matrix.dtype) for part in (lines, range(W)))
    i, j = i[:, None] - middles[0], j - middles[1]
    rows_and_columns = []
    for (by_i, by_j), middle, side in zip(matrix, middles, (H, W), strict=True):
        position = (by_i * i + by_j * j + middle).ravel()
        np.clip(position, -1, side, out=position)  # farther out is 0 as well
        before = np.floor(position)
        rows_and_columns.append((before.astype(np.int64) + 1, position - before))
    return rows_and_columns


def interpolate(pixels: np.ndarray, first: np.ndarray, second: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return (1 - weight) * pixels[first] + weight * pixels[second], for indices `first` and `second`."""
    low, high = (pixels.take(indices, axis=1, mode="clip") for indices in (first, second))
    high -= low
    high *= weight
    low += high
    return low

"""Variants, not in the paper: the image turned, enlarged or moved. What comes from outside is 0, the mean image.

Turning and enlarging ask, for every pixel of the result, where in the image it comes from. That place falls between
four pixels, which are mixed by how near they are (bilinear interpolation).
"""

from dataclasses import dataclass

import numpy as np

from minialex.data.augmentation.step import AugmentationLayer, whole_numbers

BAND = 32  # lines of the result are made together: what they need on the way stays in the cache


@dataclass(frozen=True)
class RandomRotation(AugmentationLayer):
    """Each image turned about its centre, by an angle of its own (a variant, not in the paper).

        angle evenly in -degrees..degrees, anticlockwise

    Shapes: (n, 3, H, W) -> (n, 3, H, W); the corners that come from outside are 0.
    Errors: ValueError if degrees is not in 0..180.
    """

    degrees: float
    columns = 1

    def __post_init__(self) -> None:
        if not 0 <= self.degrees <= 180:
            raise ValueError(f"degrees: expected an angle from 0 to 180, got {self.degrees!r}; change degrees")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        angle = np.radians(self.degrees * (2 * rows[:, 0].astype(np.float64) - 1))
        cos, sin = np.cos(angle), np.sin(angle)
        return resample(x, np.array([[cos, sin], [-sin, cos]]).transpose(2, 0, 1))


@dataclass(frozen=True)
class RandomScale(AugmentationLayer):
    """Each image enlarged or reduced about its centre, by a factor of its own (a variant, not in the paper).

        factor evenly in low..high; above 1 enlarges

    Shapes: (n, 3, H, W) -> (n, 3, H, W): enlarged images lose their edges, reduced ones gain an edge of 0.
    Args:   low, high; below 1/2 whole pixels are skipped, so that fine patterns alias.
    Errors: ValueError if not 0 < low <= high.
    """

    low: float
    high: float
    columns = 1

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high < np.inf:
            came = f"{self.low!r} and {self.high!r}"
            raise ValueError(f"scale: expected factors 0 < low <= high, got {came}; change low or high")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        factor = self.low + (self.high - self.low) * rows[:, 0].astype(np.float64)
        return resample(x, np.eye(2) / factor[:, None, None])


@dataclass(frozen=True)
class RandomShift(AugmentationLayer):
    """Each image moved by whole pixels, down and to the right or back (a variant, not in the paper).

        y[:, i, j] = x[:, i - down, j - right],  both in -pixels..pixels, all equally likely

    Shapes: (n, 3, H, W) -> (n, 3, H, W); the edge that comes from outside is 0.
    Errors: ValueError if pixels is no whole number from 0.
    """

    pixels: int
    columns = 2  # down, right

    def __post_init__(self) -> None:
        pixels = self.pixels
        if isinstance(pixels, bool) or not isinstance(pixels, int | np.integer) or pixels < 0:
            raise ValueError(f"pixels: expected a whole number from 0, got {pixels!r}; change pixels")

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        out = np.zeros_like(x, order="C")
        H, W = x.shape[2:]
        moves = whole_numbers(rows, 2 * self.pixels + 1) - self.pixels
        for image, place, (down, right) in zip(x, out, moves.tolist(), strict=True):
            (to_i, from_i), (to_j, from_j) = overlap(down, H), overlap(right, W)
            place[:, to_i, to_j] = image[:, from_i, from_j]
        return out


def overlap(move: int, side: int) -> tuple[slice, slice]:
    """Where a moved line of pixels meets the old one: its places after the move, and before."""
    move = max(-side, min(move, side))
    return slice(max(move, 0), side + min(move, 0)), slice(max(-move, 0), side - max(move, 0))


def resample(x: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """y at place p is x at place M (p - centre) + centre, interpolated; outside, 0.

    Shapes: (n, 3, H, W), (n, 2, 2) acting on (row, column) -> (n, 3, H, W).
    """
    n, C, H, W = x.shape
    out = np.empty((n, C, H * W), dtype=x.dtype)
    framed = np.zeros((C, H + 3, W + 3), dtype=x.dtype)  # one line of 0 before the image, two after it
    pixels, step = framed.reshape(C, -1), BAND * W
    for image, matrix, place in zip(x, matrices.astype(x.dtype), out, strict=True):
        framed[:, 1:-2, 1:-2] = image
        for start in range(0, H * W, step):
            band = slice(start, min(start + step, H * W))
            (i, down), (j, right) = sources(matrix, H, W, range(band.start // W, band.stop // W))
            corner = i * (W + 3) + j
            upper, lower = (mix(pixels, k, k + 1, right) for k in (corner, corner + W + 3))
            lower -= upper
            lower *= down
            np.add(upper, lower, out=place[:, band])
    return out.reshape(x.shape)


def sources(matrix: np.ndarray, H: int, W: int, lines: range) -> list[tuple[np.ndarray, np.ndarray]]:
    """Where the pixels of these lines come from: the framed row before and the share of the next; columns likewise."""
    middles = [matrix.dtype.type((side - 1) / 2) for side in (H, W)]
    i, j = (np.arange(part.start, part.stop, dtype=matrix.dtype) for part in (lines, range(W)))
    i, j = i[:, None] - middles[0], j - middles[1]
    found = []
    for (by_i, by_j), middle, side in zip(matrix, middles, (H, W), strict=True):
        place = (by_i * i + by_j * j + middle).ravel()
        np.clip(place, -1, side, out=place)  # farther out is 0 as well
        before = np.floor(place)
        found.append((before.astype(np.int64) + 1, place - before))
    return found


def mix(pixels: np.ndarray, one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Between pixels at the places `one` and `other`, by the share of the other."""
    first, second = (pixels.take(places, axis=1, mode="clip") for places in (one, other))
    second -= first
    second *= share
    first += second
    return first

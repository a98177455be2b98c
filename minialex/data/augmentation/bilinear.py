"""Bilinear interpolation: images resampled at positions between their pixels. Pixels from outside are 0.

For every pixel of the result its position in the image is computed. That position lies between four pixels, which are
averaged with weights by distance.
"""

import numpy as np

BAND = 32  # rows of the result that are computed together: their intermediate arrays stay in the cache


def resample(x: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    """Return y with y(p) = x(M (p - centre) + centre) at each position p, interpolated; outside the image x is 0.

    Shapes: (n, C, H, W), (n, 2, 2) acting on (row, column) -> (n, C, H, W).
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

"""Statistics of all training pixels: their mean image (section 2), and the covariance of their colours (section 4.1).

Of uint8 pixels only integers are summed, so that nothing rounds: the result is the same in any order of the images,
on any number of threads and after any interruption. Floats are summed in float64.
"""

from dataclasses import dataclass

import numpy as np

from minialex.data.shards import Shards

BLOCK = 8192  # pixels whose products are summed at a time: in the cache, and BLAS starts no threads for so few


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over images, in integers.

    Shapes: pixels (3, S, S), each pixel over the images; products (3, 3), of each two colours over all pixels.
    """

    count: int
    pixels: np.ndarray
    products: np.ndarray

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.count + other.count, self.pixels + other.pixels, self.products + other.products)


def no_sums(size: int) -> Sums:
    """Return the sums over no images."""
    return Sums(0, np.zeros((3, size, size), dtype=np.int64), np.zeros((3, 3), dtype=np.int64))


def pixel_sums(images: np.ndarray) -> np.ndarray:
    """Return the sum of each pixel over fewer than 2**24 images: (n, C, H, W) -> int64 or float64 (C, H, W)."""
    if images.dtype.kind == "f":
        return np.add.reduce(images, axis=0, dtype=np.float64)
    return np.add.reduce(images, axis=0, dtype=np.uint32).astype(np.int64)


def mean_of_sums(pixels: np.ndarray, count: int) -> np.ndarray:
    """Return the mean image from the sums of its pixels: (C, H, W) -> float32 (C, H, W)."""
    return (pixels / count).astype(np.float32)


def sums_of(images: np.ndarray) -> Sums:
    """Return the sums over fewer than 2**24 images: uint8 (n, 3, S, S)."""
    products = np.zeros((3, 3))  # floats, but integers below 2**53: exact
    for image in images:
        colours = image.reshape(3, -1)
        for start in range(0, colours.shape[1], BLOCK):
            block = colours[:, start : start + BLOCK].astype(np.float64)
            for i in range(3):
                for j in range(i, 3):
                    products[i, j] += np.dot(block[i], block[j])
    lower = np.triu(products, 1).T
    return Sums(len(images), pixel_sums(images), (products + lower).astype(np.int64))


def sums_of_all(images: np.ndarray | Shards, chunk: int = 256) -> Sums:
    """Return the sums over any number of images, of which `chunk` are read at a time."""
    total = no_sums(images.shape[2])
    for start in range(0, len(images), chunk):
        total += sums_of(images[start : start + chunk])
    return total


def statistics(sums: Sums) -> dict[str, np.ndarray]:
    """Return the mean image, the mean colour, and the covariance of red, green and blue over all pixels.

        covariance[i, j] = mean(x[i] * x[j]) - mean(x[i]) * mean(x[j])

    The eigenvectors are the directions in which colours vary, the eigenvalues their variances.

    Shapes: mean float32 (3, S, S); in float64 mean_rgb (3,), covariance (3, 3), eigenvalues (3,), largest first, and
            eigenvectors (3, 3), in columns; the largest element of each is positive.
    """
    n = sums.count * sums.pixels[0].size  # of pixels
    totals = [int(channel.sum()) for channel in sums.pixels]  # Python's integers: n**2 is beyond 64 bits
    covariance = np.array(
        [[(n * int(sums.products[i, j]) - totals[i] * totals[j]) / n**2 for j in range(3)] for i in range(3)]
    )
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1], vectors[:, ::-1]
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None], axis=0)
    return {
        "mean": mean_of_sums(sums.pixels, sums.count),
        "mean_rgb": np.array([total / n for total in totals]),
        "covariance": covariance,
        "eigenvalues": np.maximum(values, 0),  # one colour throughout: 0, or a hair below
        "eigenvectors": vectors * np.sign(largest),
    }

"""Random colour shifts along the principal components: the class does not depend on the light (section 4.1).

The colours of all pixels of the training set form a cloud in the space of red, green and blue. Its longest axis runs
from dark to bright, the second from blue to red, the third from green to purple. Every image is shifted by a
little along each, a long way along long axes: the changes of light that photographs really show.

How much? For photographs of ImageNet the variances (eigenvalues of the covariance) are about 11400, 1090 and 480 on
pixels of 0 to 255. The paper multiplies them by 0.1: a shift of 1140, which no pixel has room for. It must have meant
pixels of 0 to 1. So `preset="paper"` computes there and goes back:

    255 * 0.1 * variance / 255**2  =  0.1 * variance / 255:     4.5, 0.43 and 0.19 levels along the axes

The source multiplies standard deviations, whose result is the same on any scale, and then shrinks the image, noise
and all, so that training images are about as large as test images:

    0.1 * deviation / 1.1:                                      9.7, 3.0 and 2.0 levels along the axes

A third formula stands in tutorials, `preset="image"`, a variant: the components of one image, no statistics of the
training set. Each channel is divided by its deviation in this image, shifted, and multiplied by it again:

    deviation of the channel * P (0.1 * variance),   the three variances add up to 3: of photographs 2.7, 0.2, 0.04

So the shift grows with the contrast of the image, and a channel without contrast keeps its values.
"""

from typing import Literal

import numpy as np

from minialex.checks import described, expected
from minialex.data.augmentation.step import AugmentationStep

STD = 0.1  # the standard deviation of a, in the paper and in the source
LEVELS = 255  # of pixels; the paper's formula is taken on a scale of 0 to 1


class PCAColour(AugmentationStep):
    """A random shift of the colour of an image, the same for all its pixels (section 4.1).

        paper:   y = x + P (a * variance / 255)                   P = [p1 p2 p3], a ~ N(0, 0.1) three times an image
        source:  y = (x + P (a * deviation)) / 1.1
        image:   y = x + s * P (a * variance)       a variant, of this image alone: s, the deviations of its channels;
                                                    P and variance of x / s
    Shapes: (n, 3, H, W) -> (n, 3, H, W), on a scale of 0 to 255, minus the mean image.
    Args:   eigenvalues (3,) and eigenvectors (3, 3), p_k in column k, of the covariance of the colours of the training
            images' pixels, 0 to 255: as `numpy.linalg.eigh` returns them; preset, "paper" or "source"; or "image",
            alone: `PCAColour(preset="image")`.
    Errors: ValueError if they cannot be those of a covariance, preset is another, or images have not 3 channels.
    Source: 0.1 * N(0, 1) times standard deviations, then everything divided by 1.1.
    """

    columns = 3

    def __init__(
        self, eigenvalues: np.ndarray | None = None, eigenvectors: np.ndarray | None = None,
        *, preset: Literal["paper", "source", "image"] = "paper",
    ):  # fmt: skip
        if preset not in ("paper", "source", "image"):
            raise expected("preset", "paper, source or image", repr(preset), "choose one of them")
        self.preset = preset
        self.axes = None  # each image has its own
        self.shrink = 1 + STD if preset == "source" else 1.0
        if preset != "image":
            self.axes = axes_of_set(eigenvalues, eigenvectors, preset)
        elif eigenvalues is not None or eigenvectors is not None:
            raise expected("eigenvalues", "none with preset image", eigenvalues, "leave them out")

    def __repr__(self) -> str:
        return f"PCAColour(preset={self.preset!r})"

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Draw a, normal with standard deviation 0.1: float32 (n, 3)."""
        return STD * rng.standard_normal((n, 3), dtype=np.float32)

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        if x.shape[1] != 3:
            raise expected("PCAColour", "images of red, green and blue", f"{x.shape[1]} channels", "leave it out")
        y = np.add(x, self.shift(x, rows)[:, :, None, None], order="C")
        if self.shrink != 1:
            y /= self.shrink
        return y

    def shift(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the shift of each image's colour, (n, 3)."""
        axes = np.stack([axes_of_image(image) for image in x]) if self.axes is None else self.axes
        return (rows[:, None, :] * axes).sum(axis=2)  # P a; no BLAS, whose last bit depends on the batch


def axes_of_set(eigenvalues, eigenvectors, preset: str) -> np.ndarray:
    """Return in column k the shift that a[k] = 1 makes: float32 (3, 3)."""
    given = {"eigenvalues": ("3 variances", eigenvalues), "eigenvectors": ("3 directions", eigenvectors)}
    for name, (what, array) in given.items():
        if np.asarray(array).dtype.kind not in "fiu":
            raise expected(name, f"{what}, an array of numbers", described(array), "take those of numpy.linalg.eigh")
    values, vectors = np.asarray(eigenvalues, dtype=np.float64), np.asarray(eigenvectors, dtype=np.float64)
    check_components(values, vectors)
    values = values.clip(min=0)  # rounding may leave a variance of 0 below it
    return (vectors * (np.sqrt(values) if preset == "source" else values / LEVELS)).astype(np.float32)


def axes_of_image(image: np.ndarray) -> np.ndarray:
    """Return the same for the components of one image (3, H, W) whose channels are divided by their deviations."""
    pixels = image.reshape(3, -1).astype(np.float64)
    pixels -= pixels.mean(axis=1, keepdims=True)
    covariance = np.einsum("cp,dp->cd", pixels, pixels) / pixels.shape[1]  # no BLAS, as above
    deviations = np.sqrt(np.diag(covariance))
    divisors = np.where(deviations > 0, deviations, 1)[:, None]
    values, vectors = np.linalg.eigh(covariance / divisors / divisors.T)
    return (deviations[:, None] * vectors * values).astype(np.float32)


def check_components(values: np.ndarray, vectors: np.ndarray) -> None:
    """Check that these are three variances and three orthogonal directions of length 1."""
    if values.shape != (3,) or not np.isfinite(values).all() or values.min() < -1e-6 * abs(values).max():
        raise expected("eigenvalues", "3 variances >= 0", values, "take those of the covariance")
    if vectors.shape != (3, 3) or not np.allclose(vectors.T @ vectors, np.eye(3), atol=1e-3):
        raise expected("eigenvectors", "3 orthogonal columns of length 1", vectors.tolist(), "take numpy.linalg.eigh")

"""Section 4.1: augmented versions of one picture; draws docs/images/augmentation.png.

    draw_augmentation("docs/images/augmentation.png")
    draw_augmentation("mine.png", photograph="cat.jpg")

Photographs of ImageNet may not be redistributed, so the picture in the docs shows a drawn landscape.
"""

import os
from collections.abc import Sequence

import numpy as np

from minialex.data.augmentation import (
    Augmentation,
    AugmentationStep,
    PCAColour,
    RandomCrop,
    RandomReflection,
    RandomRotation,
    RandomScale,
    RandomShift,
    RandomUpsideDown,
)
from minialex.data.folders.image import read_image

# Principal components of the colours of 191 photographs of ImageNet, 0 to 255: red, green and blue of each.
EIGENVALUES = np.array([11448.0, 1093.0, 483.0])
EIGENVECTORS = np.array([[0.5809, 0.5733, 0.5778], [0.7048, 0.0009, -0.7094], [0.4072, -0.8194, 0.4035]]).T

CROP = (RandomCrop(224), RandomReflection())
ROWS: dict[str, Sequence[AugmentationStep]] = {
    "random crop and reflection": CROP,
    "... and colour as in the paper": (*CROP, PCAColour(EIGENVALUES, EIGENVECTORS)),
    "... and colour as in the source": (*CROP, PCAColour(EIGENVALUES, EIGENVECTORS, preset="source")),
    "variant: ... and colour by the components of the image alone": (*CROP, PCAColour(preset="image")),
    "variant: ... and half of them upside down": (*CROP, RandomUpsideDown()),
    "variants: rotation, scale and shift, then crop": (
        RandomRotation(20),
        RandomScale(0.8, 1.3),
        RandomShift(24),
        *CROP,
    ),
}


def draw_augmentation(path: str | os.PathLike, *, photograph: str | os.PathLike | None = None, seed: int = 7) -> None:
    """Write a picture of four augmented versions of a photograph, or of a drawn landscape, by each of ROWS."""
    from minialex.plots import augmented, save  # late: matplotlib takes half a second

    image = landscape() if photograph is None else read_image(photograph, 256)
    versions = [four_versions(image, steps, seed) for steps in ROWS.values()]
    save(augmented(image, np.concatenate(versions), rows=list(ROWS)), path)


def four_versions(image: np.ndarray, steps: Sequence[AugmentationStep], seed: int) -> np.ndarray:
    """Return four augmented versions of the image, uint8 (4, 3, height, width)."""
    mean = image.mean(axis=(1, 2), keepdims=True, dtype=np.float32)  # a mean colour instead of a mean image
    x = np.stack([image - mean] * 4)
    x = Augmentation(steps, seed=seed).epoch(1, images=4).apply(x, np.arange(4))
    return np.clip(np.rint(x + mean), 0, 255).astype(np.uint8)


SKY, HORIZON = (72, 134, 204), (236, 214, 188)
DRAWING = (  # shape, colour, corners of a box or of a polygon, of 256
    ("ellipse", (250, 214, 92), (186, 22, 222, 58)),  # the sun
    ("ellipse", (246, 248, 250), (24, 34, 84, 54)), ("ellipse", (246, 248, 250), (42, 24, 72, 50)),  # a cloud
    ("polygon", (112, 128, 168), (0, 150, 52, 84, 92, 132, 136, 70, 196, 140, 226, 112, 256, 140, 256, 190, 0, 190)),
    ("polygon", (240, 244, 250), (136, 70, 117, 95, 127, 91, 135, 99, 144, 90, 153, 90)),  # snow
    ("ellipse", (74, 132, 70), (-90, 132, 190, 330)), ("ellipse", (106, 160, 74), (70, 150, 380, 370)),  # hills
    ("polygon", (222, 202, 160), (148, 256, 196, 256, 178, 200, 170, 178, 162, 178, 164, 200)),  # a path
    ("polygon", (228, 120, 84), (132, 136, 198, 136, 198, 182, 132, 182)),  # a house
    ("polygon", (140, 48, 52), (122, 138, 146, 104, 186, 104, 208, 138)),
    ("polygon", (92, 62, 52), (158, 154, 172, 154, 172, 182, 158, 182)),
    ("polygon", (252, 232, 150), (138, 146, 150, 146, 150, 158, 138, 158)),
    ("polygon", (252, 232, 150), (180, 146, 192, 146, 192, 158, 180, 158)),
    ("polygon", (98, 70, 48), (56, 178, 66, 178, 68, 226, 54, 226)),  # a tree
    ("ellipse", (36, 98, 58), (24, 112, 98, 192)), ("ellipse", (54, 124, 66), (32, 116, 76, 168)),
    ("ellipse", (208, 44, 58), (46, 150, 54, 158)), ("ellipse", (208, 44, 58), (76, 160, 84, 168)),  # with apples
    ("ellipse", (208, 44, 58), (66, 132, 74, 140)),
    ("ellipse", (150, 84, 168), (216, 214, 226, 224)), ("ellipse", (244, 240, 120), (232, 226, 242, 236)),  # flowers
    ("ellipse", (150, 84, 168), (112, 222, 122, 232)), ("ellipse", (244, 240, 120), (96, 236, 106, 246)),
)  # fmt: skip


def landscape(size: int = 256) -> np.ndarray:
    """Draw a house, a tree and mountains, uint8 (3, size, size): colours, a left and a right, things near the edge."""
    from PIL import Image, ImageDraw

    fine = 4  # times larger, then averaged: antialiased edges
    down = np.linspace(0, 1, size * fine)[:, None, None]
    sky = (1 - down) * SKY + down * HORIZON
    canvas = Image.fromarray(np.rint(np.repeat(sky, size * fine, axis=1)).astype(np.uint8))
    pen = ImageDraw.Draw(canvas)
    for kind, colour, corners in DRAWING:
        getattr(pen, kind)([corner * size * fine / 256 for corner in corners], fill=colour)
    return np.asarray(canvas.reduce(fine)).transpose(2, 0, 1)

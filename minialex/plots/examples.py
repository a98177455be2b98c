"""A few images with their names."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import INK, SMALL, shorten

SIDE, GAP, NAME, MOST = 130, 12, 20, 60  # pixels; the most images


def examples(images: np.ndarray, names: Sequence[str] = (), *, columns: int = 6, title: str = "") -> Figure:
    """Draw images row by row, each with its name above it.

    Args:   images (N, 3 or 1, H, W), N at most 60, uint8, or floats of 0 to 255, which are clipped; names, N of them,
            or none; columns, images in a row; title, above them.
    Errors: ValueError if the shape or the number of names does not fit.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[1] not in (1, 3) or not 1 <= len(images) <= MOST:
        raise expected("examples", f"1 to {MOST} images (N, 3, H, W)", images.shape, "pass images[:12]")
    if len(names) not in (0, len(images)):
        raise expected("examples", f"{len(images)} names, one an image", len(names), "leave them out, or add some")
    columns = min(columns, len(images))
    height = SIDE + (NAME if len(names) else 0)
    figure = Picture(GAP + columns * (SIDE + GAP), math.ceil(len(images) / columns) * (height + GAP) + GAP, title)
    for i, image in enumerate(np.clip(images, 0, 255).astype(np.uint8)):
        row, column = divmod(i, columns)
        axes = figure.bare(GAP + column * (SIDE + GAP), (row + 1) * (height + GAP) - SIDE, SIDE, SIDE)
        axes.imshow(image.transpose(1, 2, 0).repeat(3 // len(image), axis=2), interpolation="nearest")
        axes.set_anchor("SW")
        if len(names):
            name = shorten(names[i], SIDE, SMALL)
            axes.set_title(name, loc="left", fontsize=SMALL, color=INK, pad=4, parse_math=False)
    return figure

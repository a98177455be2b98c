"""One photograph beside augmented versions of it (section 4.1 of the paper)."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, shorten

MARGIN = 16  # around everything and beside the photograph; this and all below in pixels
GAP = 6  # between two versions
NAME = 24  # the height of a row's name
VERSION = 150
PHOTOGRAPH = 2 * VERSION + GAP + NAME  # as high as two rows


def augmented(image: np.ndarray, versions: np.ndarray, *, rows: Sequence | None = None) -> Figure:
    """Draw the photograph at the left, and its versions in a grid of four columns at the right, row by row.

    Args:   image (3, H, W) uint8; versions (N, 3, h, w) uint8, N at most 32; rows, a name for each row of four.
    Errors: ValueError if a shape, a type or the number of names does not fit.
    """
    image, versions = np.asarray(image), np.asarray(versions)
    check_images(image, versions, rows)
    name = NAME if rows is not None else 0
    columns, count = min(4, len(versions)), math.ceil(len(versions) / 4)
    left = PHOTOGRAPH + 2 * MARGIN
    height = count * (VERSION + GAP + name) - GAP
    width = columns * (VERSION + GAP) - GAP
    figure = Picture(left + width + MARGIN, max(height, PHOTOGRAPH + name) + 2 * MARGIN)
    figure.alt = f"A photograph and {len(versions)} augmented versions of it"
    draw_square(figure, image, MARGIN, MARGIN + name, PHOTOGRAPH)
    for i, version in enumerate(versions):
        row, column = divmod(i, 4)
        x, y = left + column * (VERSION + GAP), MARGIN + name + row * (VERSION + GAP + name)
        axes = draw_square(figure, version, x, y, VERSION)
        if rows is not None and column == 0:
            name_of_row = shorten(rows[row], width, BODY)
            font: dict = {"fontsize": BODY, "color": INK, "parse_math": False}
            axes.annotate(name_of_row, (0, 1), (0, 5), "axes fraction", "offset points", **font)
    return figure


def draw_square(figure: Picture, image: np.ndarray, x: float, y: float, side: int):
    """Draw the image in the top left corner of a square."""
    axes = figure.bare(x, y, side, side)
    axes.imshow(image.transpose(1, 2, 0), interpolation="antialiased")
    axes.set_anchor("NW")
    return axes


def check_images(image: np.ndarray, versions: np.ndarray, rows: Sequence | None) -> None:
    """Raise a ValueError, in one sentence, for input that cannot be drawn."""
    for name, array, axes, shape in (("image", image, 3, "(3, H, W)"), ("versions", versions, 4, "(N, 3, h, w)")):
        if array.ndim != axes or array.shape[-3] != 3 or array.dtype != np.uint8 or array.size == 0:
            raise ValueError(f"{name} must be uint8 of shape {shape}, not {array.dtype} of shape {array.shape}")
    if len(versions) > 32:
        raise ValueError(f"versions must be at most 32, not {len(versions)}")
    count = math.ceil(len(versions) / 4)
    if rows is not None and len(rows) != count:
        raise ValueError(f"rows must be {count} names, one for every four versions, not {len(rows)}")

"""Images beside those that are nearest to them (Figure 4 of the paper, right)."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, ORANGE, shorten

SIDE, GAP, BREAK, MARGIN, NAME = 52, 6, 22, 12, 24  # pixels: an image, between images and columns, edge, head

Found = tuple[np.ndarray, np.ndarray]  # images (Q, k, C, H, W), and whether each is of its query's class (Q, k)


def neighbours(queries: np.ndarray, columns: Mapping[str, Found], *, title: str = "") -> Figure:
    """Draw a row for each query: the query, and the images nearest to it; a frame where the class is the query's.

    Args:   queries (Q, 3 or 1, H, W) uint8; columns, for each space in which distances were measured the k nearest
            images (Q, k, 3 or 1, H, W) and whether they are of the query's class (Q, k); title, above it.
    Errors: ValueError if a shape or a type does not fit.
    """
    queries = np.asarray(queries)
    check_neighbours(queries, columns)
    width = MARGIN + SIDE + sum(BREAK + images.shape[1] * (SIDE + GAP) - GAP for images, _ in columns.values()) + MARGIN
    figure = Picture(width, NAME + len(queries) * (SIDE + GAP) + MARGIN, title)
    figure.alt = f"{title or 'Nearest images'}: {len(queries)} images, and the nearest to each in {', '.join(columns)}"
    draw_column(figure, MARGIN, "image", queries[:, None], np.zeros((len(queries), 1), bool))
    left = MARGIN + SIDE + BREAK
    for name, (images, same) in columns.items():
        draw_column(figure, left, name, images, same)
        left += images.shape[1] * (SIDE + GAP) - GAP + BREAK
    return figure


def draw_column(figure: Picture, left: float, name: str, images: np.ndarray, same: np.ndarray) -> None:
    """Draw the images of one space, with its name above."""
    for row, column in np.ndindex(*same.shape):
        axes = figure.bare(left + column * (SIDE + GAP), NAME + row * (SIDE + GAP), SIDE, SIDE)
        draw_framed(axes, images[row, column], bool(same[row, column]))
        if row == column == 0:
            font: dict = {"fontsize": BODY, "color": INK, "parse_math": False}
            room = images.shape[1] * (SIDE + GAP)
            axes.annotate(shorten(name, room, BODY), (0, 1), (0, 5), "axes fraction", "offset points", **font)


def draw_framed(axes: Axes, image: np.ndarray, framed: bool) -> None:
    """Draw an image, in a frame or without."""
    image = image.repeat(3, axis=0) if len(image) == 1 else image
    axes.imshow(image.transpose(1, 2, 0), interpolation="antialiased", aspect="auto")
    if framed:
        axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, fill=False, ec=ORANGE, lw=4))


def check_neighbours(queries: np.ndarray, columns: Mapping[str, Found]) -> None:
    """Raise a ValueError, in one sentence, for input that cannot be drawn."""
    if queries.ndim != 4 or queries.shape[1] not in (1, 3) or queries.dtype != np.uint8 or not len(queries):
        got = f"{queries.dtype} of shape {queries.shape}"
        raise ValueError(f"queries must be uint8 of shape (Q, 3, H, W), not {got}")
    if not columns:
        raise ValueError("columns must be of one space at least")
    for name, (images, same) in columns.items():
        fits = images.ndim == 5 and (len(images), *images.shape[2:]) == queries.shape and images.dtype == np.uint8
        if not fits or same.shape != images.shape[:2]:
            raise ValueError(f"{name}: images {images.shape} and same {same.shape} must be (Q, k, C, H, W) and (Q, k)")

"""Images with their most probable labels (Figure 4 of the paper, left)."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, PALE_BLUE, PALE_ORANGE, QUIET, SMALL, percent, shorten

MARGIN = 24  # between two cells; this and all below in pixels
BAR = 18  # the height of a bar with the space around it
LABEL = 25  # the height of the true label's line
PERCENT = 36  # the width of the column of percentages


def predictions(
    images: np.ndarray,
    probabilities: np.ndarray,
    classes: Sequence,
    labels: Sequence[int] | None = None,
    *,
    top: int = 5,
    title: str = "",
) -> Figure:
    """Draw each image, its true label below, and bars for the `top` most probable labels, the true one in orange.

    Args:   images (N, 3 or 1, H, W) uint8, N at most 32; probabilities (N, C), softmax outputs; classes, C names;
            labels (N,), the true classes, or None where they are not known; title, above it.
    Errors: ValueError if a shape, a type, a probability or a label does not fit.
    """
    images, probabilities = np.asarray(images), np.asarray(probabilities, dtype=float)
    images = images.repeat(3, axis=1) if images.ndim == 4 and images.shape[1] == 1 else images  # grey
    check_predictions(images, probabilities, classes, labels, top)
    count, bars = len(images), min(top, len(classes)) * BAR
    columns = min(count, 4 if count <= 16 else 6)
    width = (900 - MARGIN) // max(columns, 4) - MARGIN
    picture = round(0.8 * width)  # its height
    height = picture + (LABEL if labels is not None else 6) + bars
    rows = math.ceil(count / columns)
    figure = Picture(columns * (width + MARGIN) + MARGIN, rows * (height + MARGIN) + MARGIN, title)
    figure.alt = f"{title or 'Predictions'}: {count} images, each with its {bars // BAR} most probable labels as bars"
    for i in range(count):
        row, column = divmod(i, columns)
        x, y = MARGIN + column * (width + MARGIN), MARGIN + row * (height + MARGIN)
        truth = None if labels is None else int(labels[i])
        name = "" if truth is None else shorten(classes[truth], width, BODY, "bold")
        draw_image(figure.bare(x, y, width, picture), images[i], name)
        draw_bars(figure.bare(x, y + height - bars, width - PERCENT, bars), probabilities[i], classes, truth)
    return figure


def draw_image(axes: Axes, image: np.ndarray, name: str) -> None:
    """Draw the image, with its name below."""
    axes.imshow(image.transpose(1, 2, 0), interpolation="antialiased")
    axes.set_anchor("S")
    font: dict = {"fontsize": BODY, "weight": "bold", "color": INK, "parse_math": False}
    axes.annotate(name, (0.5, 0), (0, -12), "axes fraction", "offset points", ha="center", **font)


def draw_bars(axes: Axes, probabilities: np.ndarray, classes: Sequence, truth: int | None) -> None:
    """Draw bars of the most probable labels, largest on top, each with its name on it and its percentage beside."""
    width, height = axes.bbox.size
    top = round(height / BAR)
    order = np.argsort(-probabilities, kind="stable")[:top]
    colours = [PALE_ORANGE if k == truth else PALE_BLUE for k in order]
    axes.barh(range(top), probabilities[order], height=0.84, color=colours)
    axes.set(xlim=(0, 1), ylim=(top - 0.5, -0.5))
    font: dict = {"fontsize": SMALL, "va": "center_baseline", "parse_math": False}
    for row, k in enumerate(order):
        axes.text(4 / width, row, shorten(classes[k], width - 6, SMALL), color=INK, **font)
        axes.text(1 + PERCENT / width, row, percent(probabilities[k]), ha="right", color=QUIET, **font)


def check_predictions(
    images: np.ndarray, probabilities: np.ndarray, classes: Sequence, labels: Sequence[int] | None, top: int
) -> None:
    """Raise a ValueError, in one sentence, for input that cannot be drawn."""
    if images.ndim != 4 or images.shape[1] != 3 or images.dtype != np.uint8 or not 1 <= len(images) <= 32:
        got = f"{images.dtype} of shape {images.shape}"
        raise ValueError(f"images must be uint8 of shape (N, 3, H, W) with N from 1 to 32, not {got}")
    shape = (len(images), len(classes))
    if probabilities.shape != shape:
        raise ValueError(f"probabilities must be (images, classes) = {shape}, not {probabilities.shape}")
    if not (np.all(probabilities >= 0) and np.all(probabilities <= 1.001)):
        raise ValueError("probabilities must be between 0 and 1: apply Softmax to the net's output first")
    if labels is not None:
        numbers = np.asarray(labels)
        if numbers.shape != shape[:1] or not np.isin(numbers, range(len(classes))).all():
            raise ValueError(f"labels must be {len(images)} class indices from 0 to {len(classes) - 1}")
    if top < 1:
        raise ValueError(f"top must be at least 1, not {top}")

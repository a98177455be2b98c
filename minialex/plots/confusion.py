"""The confusion matrix: which classes are predicted as which."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, QUIET, RULE, SMALL, percent, shorten, width

SIDE = 640  # of the matrix, in pixels
LEFT, TOP = 170, 40  # its position
NAME = 136  # the width for the name of a class
WRITTEN, NAMED = 20, 40  # the most classes for which counts are written in the cells, and names at the sides


def confusion(matrix: np.ndarray, classes: Sequence, *, title: str = "") -> Figure:
    """Draw how often each class (row) was predicted as each (column): correct in blue, wrong in orange.

    The depth of a colour is the square root of the share of the row, so that a few errors show. The bars at
    the right are the error of each class; above them is the error of all images.
    Args:   matrix (C, C) of counts, rows true, columns predicted; classes, C names; title, above it.
    Errors: ValueError if matrix is not a square of counts, one row a class.
    """
    matrix = np.asarray(matrix)
    check_matrix(matrix, len(classes))
    names = [shorten(name, NAME, SMALL) for name in classes] if len(classes) <= NAMED else []
    rotated = not fit_across(names)
    figure = Picture(940, TOP + SIDE + (NAME + 14 if rotated else 34), title)
    wrong = int(matrix.sum() - matrix.trace())
    figure.alt = f"{title or 'Confusion matrix'}: {len(classes)} classes, {matrix.sum()} images, {wrong} of them wrong"
    axes = figure.panel(LEFT, TOP, SIDE, SIDE)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    draw_cells(axes, shares)
    if names:
        font: dict = {"fontsize": SMALL, "color": INK, "parse_math": False}
        axes.set_xticks(range(len(names)), names, rotation=90 if rotated else 0, **font)
        axes.set_yticks(range(len(names)), names, **font)
        axes.tick_params(length=0)
    if len(classes) <= WRITTEN:
        write_counts(axes, matrix, shares)
    draw_errors(figure.panel(LEFT + SIDE + 14, TOP, 66, SIDE), matrix)
    return figure


def check_matrix(matrix: np.ndarray, count: int) -> None:
    if matrix.shape != (count, count) or count == 0:
        raise ValueError(f"matrix must be (classes, classes) = ({count}, {count}), not {matrix.shape}")
    if not (np.all(matrix >= 0) and np.all(np.isfinite(matrix)) and np.all(matrix == np.floor(matrix))):
        raise ValueError("matrix must contain counts, integers >= 0")


def fit_across(names: list[str]) -> bool:
    """Tell whether the names fit below the columns without rotation: neighbours at least 6 pixels apart."""
    widths = np.array([width(name, SMALL) for name in names])
    return bool(np.all((widths[1:] + widths[:-1]) / 2 + 6 <= SIDE / max(len(names), 1)))


def draw_cells(axes: Axes, shares: np.ndarray) -> None:
    """Draw the coloured cells in a frame, with the class indices at the sides."""
    correct = np.eye(len(shares), dtype=bool)[..., None]
    colour = np.where(correct, to_rgb(BLUE), to_rgb(ORANGE))
    axes.imshow(1 - np.sqrt(shares)[..., None] * (1 - colour), aspect="auto", interpolation="antialiased")
    axes.spines[:].set(visible=True, color=RULE)
    if len(shares) <= NAMED:  # lines between the cells, so that neighbours of one colour remain two
        between, end = np.arange(1, len(shares)) - 0.5, len(shares) - 0.5
        for colour_of_line, points in (("white", 2), (RULE, 0.5)):  # a thin line with a white margin
            axes.hlines(between, -0.5, end, color=colour_of_line, lw=points)
            axes.vlines(between, -0.5, end, color=colour_of_line, lw=points)
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.set_title("Predicted class", fontsize=BODY, color=INK, pad=8)
    axes.set_ylabel("True class", fontsize=BODY, color=INK)


def write_counts(axes: Axes, matrix: np.ndarray, shares: np.ndarray) -> None:
    """Write the counts, as large as the widest allows, white on deep blue; leave out zeros."""
    widest = width(f"{matrix.max():.0f}", SMALL)
    size = SMALL * min(1, (SIDE / len(matrix) - 5) / widest)
    for row, column in np.argwhere(matrix):
        colour = "white" if row == column and shares[row, column] > 0.5 else INK
        text = f"{matrix[row, column]:.0f}"
        axes.text(column, row, text, ha="center", va="center_baseline", fontsize=size, color=colour)


def draw_errors(axes: Axes, matrix: np.ndarray) -> None:
    """Draw a bar for the error of each class ("-" for one without images), and write the error of all images above."""
    images = matrix.sum(axis=1)
    wrong = images - np.diagonal(matrix)
    error = wrong / np.maximum(images, 1)
    axes.barh(range(len(matrix)), error, height=0.72, color=ORANGE, alpha=0.45, lw=0)
    axes.set(xlim=(0, 1), ylim=(len(matrix) - 0.5, -0.5), xticks=(), yticks=())
    axes.spines["bottom"].set_visible(False)
    overall = f"{100 * wrong.sum() / max(images.sum(), 1):.1f} %"
    axes.set_title(f"Error {overall}", loc="left", fontsize=BODY, color=INK, pad=8)
    font: dict = {"fontsize": SMALL, "va": "center_baseline"}
    for row in range(len(matrix) if len(matrix) <= NAMED else 0):
        if images[row]:
            axes.text(0.06, row, percent(error[row]), color=INK, **font)
        else:
            axes.text(0.06, row, "-", color=QUIET, **font)

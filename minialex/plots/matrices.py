"""Matrices as pictures: feature maps, gradients, masks; the small ones with their numbers."""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, QUIET, SMALL, shorten

GAP, TOP = 22, 26  # pixels: between panels, for the name of one
CELL, WIDE = 24, 40  # pixels: the least side of an element that is written as a number, and that has two decimals
SIGNED = LinearSegmentedColormap.from_list("signed", [BLUE, "white", ORANGE])


def matrices(
    panels: Mapping[str, np.ndarray], *, high: float | None = None, grey: bool = False, columns: int = 5,
    side: int = 168, title: str = "",
) -> Figure:  # fmt: skip
    """Draw each matrix as cells: 0 white, orange above 0, blue below it; or from black (the lowest) to white.

    Where a cell has room, its value is written in it. All panels share one scale, which is written below them.
    Args:   panels, by their name the matrices (rows, columns); high, the value at the end of the scale, orange or
            white (None: the most extreme one); grey, for pictures; columns, panels in a row, at most; side, of a
            panel in pixels, at most; title, above them.
    Errors: ValueError if there is no panel, or one that is not a finite matrix.
    """
    arrays = {name: np.asarray(values, dtype=float) for name, values in panels.items()}
    for name, values in arrays.items():
        if values.ndim != 2 or not values.size or not np.isfinite(values).all():
            raise expected("matrices", "finite matrices", f"{name} of shape {values.shape}", "pass x[0, 0], not x")
    if not arrays:
        raise expected("matrices", "at least one matrix", "none", "give a dict of names and matrices")
    low, high = scale(list(arrays.values()), high, grey)
    columns = min(columns, len(arrays))
    rows = math.ceil(len(arrays) / columns)
    height = max(side * len(values) / max(values.shape) for values in arrays.values())
    figure = Picture(GAP + columns * (side + GAP), rows * (TOP + height + GAP / 2) + 22, title)
    for i, (name, values) in enumerate(arrays.items()):
        row, column = divmod(i, columns)
        axes = figure.bare(GAP + column * (side + GAP), TOP + row * (TOP + height + GAP / 2), side, height)
        axes.imshow(values, vmin=low, vmax=high, cmap="gray" if grey else SIGNED, interpolation="nearest")
        axes.set_anchor("NW")
        axes.set_title(shorten(name, side + GAP, BODY), loc="left", fontsize=BODY, color=INK, parse_math=False)
        if side / max(values.shape) >= CELL:
            write_values(axes, values, low, high, grey, wide=side / max(values.shape) >= WIDE)
    blue = f"blue {low:.3g}, " if any(values.min() < 0 for values in arrays.values()) else ""
    ends = f"black {low:.3g}, white {high:.3g}" if grey else f"{blue}white 0, orange {high:.3g}"
    figure.text(GAP / figure.pixels[0], 8 / figure.pixels[1], ends, fontsize=SMALL, color=QUIET)
    return figure


def scale(arrays: list[np.ndarray], high: float | None, grey: bool) -> tuple[float, float]:
    """Return the ends of the scale: the given one or the extreme values; in colours the same on both sides of 0."""
    least, most = min(float(values.min()) for values in arrays), max(float(values.max()) for values in arrays)
    high = high if high is not None else most if grey else max(-least, most)
    low = least if grey else -high
    return low, high if high > low else low + 1


def write_values(axes: Axes, values: np.ndarray, low: float, high: float, grey: bool, wide: bool) -> None:
    """Write each value into its cell, in a colour that can be read on it."""
    digits = 0 if np.all(values == np.round(values)) else 2 if wide or np.max(np.abs(values)) < 1 else 1
    for (row, column), value in np.ndenumerate(values):
        share = (value - low) / (high - low)
        dark = share < 0.55 if grey else abs(share - 0.5) > 0.38
        where: dict = {"ha": "center", "va": "center", "fontsize": SMALL, "color": "white" if dark else INK}
        axes.text(column, row, f"{round(value, digits) + 0.0:.{digits}f}", **where)  # + 0.0: no "-0"

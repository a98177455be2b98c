"""The loss over two weights as a map with contour lines, and paths of an update rule in it."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, ORANGE, QUIET, RULE, SMALL, shorten

WIDTH, HEIGHT, GAP, TOP = 260, 200, 40, 28  # pixels
LEVELS = 14


def valley(
    loss: Callable[[np.ndarray, np.ndarray], np.ndarray], paths: Mapping[str, np.ndarray], *,
    across: tuple[float, float], down: tuple[float, float], columns: int = 3, title: str = "",
) -> Figure:  # fmt: skip
    """Draw a panel for each path: contour lines of the loss, closer where it is steeper, and a dot for each step.

    Args:   loss, of two arrays of weights (w1, w2); paths, by their name the weights (steps, 2), the first ones where
            they begin, cut off where they leave the map; across, down, the ends of the map in w1 and in w2; columns,
            panels in a row, at most; title, above them.
    Errors: ValueError if there is no path, or one that is not (steps, 2).
    """
    if not paths or any(np.ndim(path) != 2 or np.shape(path)[1] != 2 for path in paths.values()):
        raise expected(
            "valley", "paths (steps, 2)", {name: np.shape(path) for name, path in paths.items()}, "stack them"
        )
    columns = min(columns, len(paths))
    rows = -(-len(paths) // columns)
    figure = Picture(GAP + columns * (WIDTH + GAP), rows * (TOP + HEIGHT + GAP) + 8, title)
    w1, w2 = np.meshgrid(np.linspace(*across, 161), np.linspace(*down, 161))
    height = loss(w1, w2)
    levels = height.min() + (height.max() - height.min()) * np.linspace(0, 1, LEVELS) ** 2.2 + 1e-12
    for i, (name, path) in enumerate(paths.items()):
        row, column = divmod(i, columns)
        axes = figure.panel(GAP + column * (WIDTH + GAP), TOP + row * (TOP + HEIGHT + GAP), WIDTH, HEIGHT)
        axes.contour(w1, w2, height, levels=levels, colors=RULE, linewidths=0.9)
        axes.plot(*np.asarray(path).T, "o-", color=ORANGE, lw=1.2, ms=2.8, clip_on=True)
        axes.plot(*path[0], "o", color=INK, ms=5)
        lowest = np.unravel_index(np.argmin(height), height.shape)
        axes.plot(w1[lowest], w2[lowest], "+", color=INK, ms=9, mew=1.4)
        axes.set(xlim=across, ylim=down)
        axes.set_title(shorten(name, WIDTH, BODY), loc="left", fontsize=BODY, color=INK, parse_math=False)
        axes.set_xlabel("w1", fontsize=SMALL, color=QUIET, labelpad=1)
        axes.set_ylabel("w2", fontsize=SMALL, color=QUIET, labelpad=-4)
    return figure

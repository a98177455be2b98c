"""One quantity of several nets, each trained with several seeds."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.comparison import Values, draw_seeds
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, RULE, SMALL, shorten

NAMES, WIDTH, ROW = 230, 400, 26  # pixels: the names, the panel, the height of a net


def seeds(values: Mapping[str, Values], *, x: str, title: str = "") -> Figure:
    """Draw a row for each net: a dot for each seed, and a bar at their mean; the axis begins at 0.

    Args:   values, for each net those of its seeds, such as the seconds until 5 % error; x, the axis with its unit;
            title, above it.
    Errors: ValueError if there is no net, a net without a seed, or a value that is negative or not finite.
    """
    rows = {name: np.asarray(row, dtype=float) for name, row in values.items()}
    if not rows or not all(row.size and np.isfinite(row).all() and row.min() >= 0 for row in rows.values()):
        raise expected("seeds", "one net at least, each with finite values >= 0", values, "leave the others out")
    figure = Picture(NAMES + WIDTH + 30, ROW * len(rows) + 74, title)
    axes = figure.panel(NAMES, 12, WIDTH, ROW * len(rows))
    for position, row in enumerate(rows.values()):
        draw_seeds(axes, position, row, BLUE)
    names = [shorten(name, NAMES - 14, SMALL) for name in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=SMALL, color=INK, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.set(xlim=(0, 1.05 * max(row.max() for row in rows.values()) or 1), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xlabel(x, fontsize=BODY, color=INK)
    axes.grid(axis="x", color=RULE, lw=0.5, alpha=0.6)
    means = ", ".join(f"{name} {row.mean():.3g}" for name, row in rows.items())
    figure.alt = f"{title or 'A dot for each seed'}; {x}, means: {means}"
    return figure

"""Errors of several nets, each trained with several seeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, QUIET, RULE, SMALL, shorten

Values = Sequence[float] | np.ndarray
NAMES, WIDTH, ROW = 230, 430, 30  # pixels: the names, the axis, the height of a net


def comparison(errors: Mapping[str, tuple[Values, Values]], *, title: str = "") -> Figure:
    """Draw training and validation errors: a dot for each seed, a bar at the mean, a line at the first net's mean.

    Args:   errors, for each net those of its seeds in percent, (training, validation); title, above it.
    Errors: ValueError if there is no net, a net without a seed, or an error that is not finite.
    """
    check_errors(errors)
    figure = Picture(NAMES + WIDTH + 30, ROW * len(errors) + 74, title)
    axes = figure.panel(NAMES, 28, WIDTH, ROW * len(errors))
    for row, (train, val) in enumerate(errors.values()):
        draw_seeds(axes, row - 0.14, train, BLUE, "training" if row == 0 else "")
        draw_seeds(axes, row + 0.14, val, ORANGE, "validation" if row == 0 else "")
    _, first = next(iter(errors.values()))
    axes.axvline(float(np.mean(first)), color=QUIET, lw=0.7, ls=":", zorder=0)
    font: dict = {"fontsize": SMALL, "color": INK, "parse_math": False}
    axes.set_yticks(range(len(errors)), [shorten(name, NAMES - 14, SMALL) for name in errors], **font)
    axes.set_ylim(len(errors) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(left=0)
    axes.set_xlabel("Error (%)", fontsize=BODY, color=INK)
    axes.grid(axis="x", color=RULE, lw=0.5, alpha=0.6)
    position: dict = {"loc": "lower right", "bbox_to_anchor": (1.02, 1.0), "ncols": 2, "frameon": False}
    axes.legend(**position, fontsize=SMALL, labelcolor=INK)
    return figure


def check_errors(errors: Mapping[str, tuple[Values, Values]]) -> None:
    if not errors or not all(len(train) and len(val) for train, val in errors.values()):
        raise ValueError("errors must be of one net at least, each of one seed at least")
    if not all(np.isfinite(values).all() for pair in errors.values() for values in pair):
        raise ValueError("errors must be finite")


def draw_seeds(axes: Axes, height: float, values: Values, colour: str, name: str) -> None:
    """Draw a dot for each seed, and a bar at their mean."""
    axes.plot(values, [height] * len(values), "o", color=colour, ms=4, alpha=0.55, mew=0, label=name or None)
    mean = float(np.mean(values))
    axes.plot([mean, mean], [height - 0.13, height + 0.13], color=colour, lw=1.8, solid_capstyle="butt")

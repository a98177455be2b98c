"""Errors of several nets, each trained with several seeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, QUIET, RULE, SMALL, shorten

Values = Sequence[float] | np.ndarray
NAMES, WIDTH, APART, ROW = 230, 240, 30, 26  # pixels: the names, a panel, between the panels, the height of a net


def comparison(errors: Mapping[str, tuple[Values, Values]], *, title: str = "") -> Figure:
    """Draw training and validation errors: a dot for each seed, a bar at the mean, a line at the first net's mean.

    Args:   errors, for each net those of its seeds in percent, (training, validation); title, above it.
    Errors: ValueError if there is no net, a net without a seed, or an error that is not finite.
    """
    check_errors(errors)
    figure = Picture(NAMES + 2 * WIDTH + APART + 30, ROW * len(errors) + 74, title)
    for i, (name, colour) in enumerate((("Training error (%)", BLUE), ("Validation error (%)", ORANGE))):
        axes = figure.panel(NAMES + i * (WIDTH + APART), 12, WIDTH, ROW * len(errors))
        for row, pair in enumerate(errors.values()):
            draw_seeds(axes, row, pair[i], colour)
        axes.axvline(float(np.mean(next(iter(errors.values()))[i])), color=QUIET, lw=0.7, ls=":", zorder=0)
        if axes.get_xlim()[1] < 1:  # images learned by heart: no axis of thousandths, and none below 0
            axes.set_xlim(-0.05, 1)
        axes.set_yticks(range(len(errors)), [""] * len(errors))
        axes.set_ylim(len(errors) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(name, fontsize=BODY, color=INK)
        axes.grid(axis="x", color=RULE, lw=0.5, alpha=0.6)
    names = [shorten(name, NAMES - 14, SMALL) for name in errors]
    figure.axes[0].set_yticks(range(len(errors)), names, fontsize=SMALL, color=INK, parse_math=False)
    return figure


def check_errors(errors: Mapping[str, tuple[Values, Values]]) -> None:
    if not errors or not all(len(train) and len(val) for train, val in errors.values()):
        raise ValueError("errors must be of one net at least, each of one seed at least")
    if not all(np.isfinite(values).all() for pair in errors.values() for values in pair):
        raise ValueError("errors must be finite")


def draw_seeds(axes: Axes, row: int, values: Values, colour: str) -> None:
    """Draw a dot for each seed, and a bar at their mean."""
    axes.plot(values, [row] * len(values), "o", color=colour, ms=5, alpha=0.55, mew=0)
    mean = float(np.mean(values))
    axes.plot([mean, mean], [row - 0.3, row + 0.3], color=colour, lw=1.8, solid_capstyle="butt")

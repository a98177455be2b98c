"""Several curves in one picture, such as the training errors of several nets against the epoch."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, QUIET, RULE, SEVERAL, SMALL, shorten

Values = Sequence[float] | np.ndarray
WIDTH, HEIGHT, NAMES = 460, 280, 220  # pixels


def series(
    lines: Mapping[str, tuple[Values, Values]], *, x: str, y: str, level: float | None = None, log: str = "",
    title: str = "",
) -> Figure:  # fmt: skip
    """Draw curves, each with its name beside the picture.

    Args:   lines, for each curve its x and y; x, y, what the axes show; level, where a dotted line is drawn;
            log, the axes that are logarithmic: "x", "y" or "xy"; title, above it.
    Errors: ValueError if there is no curve, or one whose x and y differ in length, or log is another text.
    """
    if not lines or any(len(a) != len(b) or not len(a) for a, b in lines.values()):
        raise ValueError("lines must be one curve at least, each of as many x as y")
    if log not in ("", "x", "y", "xy"):
        raise expected("series", 'log to be "x", "y" or "xy"', repr(log), "choose one, or leave it out")
    figure = Picture(60 + WIDTH + NAMES, HEIGHT + 70, title)
    axes = figure.panel(60, 20, WIDTH, HEIGHT)
    for i, ((name, (a, b)), colour) in enumerate(zip(lines.items(), cycle(SEVERAL), strict=False)):
        style = ("-", "--", ":")[i // len(SEVERAL) % 3]
        marker = "o" if np.size(a) <= 20 else ""
        axes.plot(a, b, style, color=colour, lw=1.4, marker=marker, ms=3, label=shorten(name, NAMES - 50, SMALL))
    if level is not None:
        axes.axhline(level, color=QUIET, lw=0.8, ls=":", zorder=0)
    set_scales(axes, lines, level, log)
    axes.set_xlabel(x, fontsize=BODY, color=INK)
    axes.set_ylabel(y, fontsize=BODY, color=INK)
    axes.grid(axis="y", color=RULE, lw=0.5, alpha=0.6)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.02), frameon=False, fontsize=SMALL, labelcolor=INK)
    return figure


def set_scales(axes: Axes, lines: Mapping[str, tuple[Values, Values]], level: float | None, log: str) -> None:
    """Set logarithmic axes, or ticks at integers and a range from 0."""
    if "x" in log:
        axes.set_xscale("log")
    elif all(np.equal(np.round(a), a).all() for a, _ in lines.values()):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if "y" in log:
        axes.set_yscale("log")
    else:
        highest = max((float(np.nanmax(b)) for _, b in lines.values() if np.isfinite(b).any()), default=0.0)
        axes.set_ylim(0, 1.08 * max(highest, level or 0) or 1)
    axes.tick_params(which="minor", length=0)

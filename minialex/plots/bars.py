"""A few values as bars, with their numbers: probabilities, gradients, one pixel of several maps."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, QUIET, SMALL, shorten

BAR, LEAST, HEIGHT, GAP, TOP = 44, 150, 150, 40, 30  # pixels: a bar, a panel's width, its height, between, above
Values = Sequence[float] | np.ndarray


def bars(panels: Mapping[str, Values], names: Sequence[str], *, mark: int | None = None, title: str = "") -> Figure:
    """Draw a panel of bars for each set of values, from 0 up or down, the number at the end of each bar.

    Args:   panels, by their title the values; names, of the bars, in each panel the same; mark, the index of a bar in
            orange; title, above it.
    Errors: ValueError if there is no panel, or values that are not finite or not as many as names.
    """
    check_values(panels, names)
    width = max(LEAST, BAR * len(names))
    figure = Picture(GAP + len(panels) * (width + GAP), TOP + HEIGHT + 34, title)
    for i, (heading, values) in enumerate(panels.items()):
        axes = figure.panel(GAP + i * (width + GAP), TOP, width, HEIGHT)
        colours = [ORANGE if n == mark else BLUE for n in range(len(names))]
        axes.bar(range(len(names)), values, width=0.7, color=colours)
        low, high = min(0.0, float(np.min(values))), max(0.0, float(np.max(values)))
        room = 0.14 * (high - low or 1)  # for the numbers
        axes.set(xlim=(-0.6, len(names) - 0.4), ylim=(low - room * (low < 0), high + room))
        for n, value in enumerate(values):
            place: dict = {"ha": "center", "va": "bottom" if value >= 0 else "top", "fontsize": SMALL, "color": INK}
            axes.annotate(f"{value:.3g}", (n, value), (0, 2 if value >= 0 else -2), textcoords="offset points", **place)
        axes.axhline(0, color=QUIET, lw=0.8)
        axes.set_yticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xticks(range(len(names)), [shorten(name, width / len(names) + 6, SMALL) for name in names])
        axes.tick_params(axis="x", length=0, labelcolor=INK)
        axes.set_title(shorten(heading, width + GAP, BODY), loc="left", fontsize=BODY, color=INK, pad=8)
    return figure


def check_values(panels: Mapping[str, Values], names: Sequence[str]) -> None:
    for heading, values in panels.items():
        if np.shape(values) != (len(names),) or not np.isfinite(values).all():
            what, got = f"{len(names)} finite values, one a name", f"{heading}: {values}"
            raise expected("bars", what, got, "check their shape")
    if not panels or not names:
        raise expected("bars", "a panel and a bar at least", "none", "give a dict of values, and names")

"""Histograms of the same kind in a row of panels, such as one for each stage of a training."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, SEVERAL, SMALL

COLOURS = SEVERAL[:4]
SIDE, GAP, LEFT, TOP, NAMES = 132, 22, 58, 26, 90  # pixels: a panel, between panels, around them, the names


def histograms(
    panels: Mapping[str, Mapping[str, np.ndarray]], *, x: str, y: str, bins: np.ndarray, title: str = ""
) -> Figure:
    """Draw a panel for each stage, and in it the outline of a histogram for each group; all panels have one scale.

    Args:   panels, by the name of a stage the values of each group; x, y, what the axes show; bins, the edges of the
            bars; title, above it.
    Errors: ValueError if there is no panel, or more than four groups in one.
    """
    if not panels or not all(1 <= len(groups) <= len(COLOURS) for groups in panels.values()):
        raise ValueError(f"panels must be one at least, each of 1 to {len(COLOURS)} groups")
    figure = Picture(LEFT + max(2, len(panels)) * (SIDE + GAP) + NAMES, TOP + SIDE + 64, title)
    top = max(np.histogram(values, bins)[0].max() for groups in panels.values() for values in groups.values())
    for i, (stage, groups) in enumerate(panels.items()):
        axes = figure.panel(LEFT + i * (SIDE + GAP), TOP, SIDE, SIDE)
        for (name, values), colour in zip(groups.items(), COLOURS, strict=False):
            axes.hist(values, list(bins), histtype="step", color=colour, lw=1.5, label=name)
            axes.axvline(float(np.mean(values)), color=colour, lw=0.9, ls=":")
        axes.set(xlim=(bins[0], bins[-1]), ylim=(0, 1.08 * max(top, 1)))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xticks(ticks := [bins[0], (bins[0] + bins[-1]) / 2, bins[-1]], [f"{tick:g}" for tick in ticks])
        axes.set_title(stage, fontsize=BODY, color=INK, parse_math=False)
        if i == 0:
            axes.set_ylabel(y, fontsize=BODY, color=INK)
        else:
            axes.set_yticklabels([])
    legend: dict = {"loc": "upper left", "bbox_to_anchor": (1.02, 1.04), "frameon": False, "handlelength": 1.2}
    axes.legend(**legend, fontsize=SMALL, labelcolor=INK)
    figure.axes[0].annotate(x, (0, 0), (0, -32), "axes fraction", "offset points", fontsize=BODY, color=INK)
    return figure

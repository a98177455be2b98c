"""The size of the signal from layer to layer, for nets with different initial weights."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, GREEN, INK, ORANGE, PURPLE, QUIET, RULE, SKY, SMALL

COLOURS = (BLUE, INK, GREEN, ORANGE, PURPLE, SKY)
DISTANCE = 16  # pixels between the names of two lines, at least
WIDTH, HEIGHT = 560, 300


def signal(runs: dict[str, dict[str, float]]) -> Figure:
    """Draw the standard deviation after each layer, on a logarithmic scale; name and last value at each line's end.

    Args:   runs, for each net the deviations by layer, the same layers in all, at most six nets.
    Errors: ValueError for more nets, other layers, or a deviation that is not above 0.
    """
    layers = common_layers(runs)
    figure = Picture(60 + WIDTH + 220, 40 + HEIGHT + 40)
    axes = figure.panel(60, 30, WIDTH, HEIGHT)
    for (name, run), colour in zip(runs.items(), COLOURS, strict=False):
        axes.plot(range(len(layers)), list(run.values()), "o-", color=colour, lw=1.4, ms=3.5, label=name)
    axes.set_yscale("log")
    axes.set_xticks(range(len(layers)), layers, fontsize=SMALL)
    axes.set_title("Standard deviation across images, before training", loc="left", fontsize=BODY, color=INK, pad=8)
    axes.grid(axis="y", color=RULE, lw=0.5, alpha=0.6)
    axes.tick_params(which="minor", left=False)
    heights = separated([axes.transData.transform((0, run[layers[-1]]))[1] for run in runs.values()])
    for (name, run), colour, pixels in zip(runs.items(), COLOURS, heights, strict=False):
        height = axes.transAxes.inverted().transform((0, pixels))[1]
        text = f"{name}, {run[layers[-1]]:.1e}"
        axes.text(1.02, height, text, transform=axes.transAxes, va="center", fontsize=SMALL, color=colour)
    axes.tick_params(axis="y", labelcolor=QUIET)
    return figure


def common_layers(runs: dict[str, dict[str, float]]) -> list[str]:
    """Return the names of the layers, which must be the same in all runs."""
    if not 1 <= len(runs) <= len(COLOURS):
        raise ValueError(f"runs must be 1 to {len(COLOURS)} nets, not {len(runs)}")
    layers, *others = (list(run) for run in runs.values())
    if any(other != layers for other in others) or len(layers) < 2:
        raise ValueError("runs must have the same layers, two at least")
    if not all(np.isfinite(value) and value > 0 for run in runs.values() for value in run.values()):
        raise ValueError("deviations must be finite and above 0")
    return layers


def separated(heights: list[float]) -> list[float]:
    """Return the heights, moved up where two are nearer than DISTANCE pixels."""
    moved = list(heights)
    order = np.argsort(heights)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + DISTANCE)
    return moved

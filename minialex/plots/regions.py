"""Points of a plane in several classes, and the class that a net predicts everywhere around them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import AMBER, BLUE, BODY, GREEN, INK, ORANGE

DARK, PALE = (BLUE, ORANGE, GREEN, AMBER), ("#c5dcec", "#f8d3b8", "#bfe6da", "#f8e7bf")
MARKERS = "os^D"
SIDE, GAP, TOP = 216, 14, 28  # pixels


def regions(
    panels: Mapping[str, np.ndarray], points: np.ndarray, labels: np.ndarray, *, low: float = -1.0, high: float = 1.0,
    title: str = "",
) -> Figure:  # fmt: skip
    """Draw the predicted class at each position of a square as a pale colour, and the points in their own class's.

    Args:   panels, by their title the predicted classes (H, W) on a grid from low to high in both directions, the
            first row at the bottom; points (N, 2); labels (N,), their classes 0..3; title, above it.
    Errors: ValueError if there is no panel, more than four classes, or points and labels that do not fit.
    """
    points, labels = np.asarray(points), np.asarray(labels)
    if not panels or points.shape != (len(labels), 2):
        raise expected("regions", "a panel, points (N, 2) and labels (N,)", (points.shape, labels.shape), "check them")
    classes = 1 + max(int(np.max(grid)) for grid in (*panels.values(), labels))
    if classes > len(DARK):
        raise expected("regions", f"at most {len(DARK)} classes", classes, "draw fewer")
    figure = Picture(GAP + len(panels) * (SIDE + GAP), TOP + SIDE + GAP, title)
    for i, (heading, grid) in enumerate(panels.items()):
        axes = figure.panel(GAP + i * (SIDE + GAP), TOP, SIDE, SIDE)
        colours = ListedColormap(PALE)
        axes.imshow(grid, origin="lower", extent=(low, high, low, high), cmap=colours, vmin=-0.5, vmax=3.5)
        for k in range(classes):
            axes.plot(*points[labels == k].T, MARKERS[k], color=DARK[k], ms=3.2, mew=0)
        axes.set(xlim=(low, high), ylim=(low, high), xticks=[], yticks=[])
        axes.set_title(heading, loc="left", fontsize=BODY, color=INK, parse_math=False)
    return figure

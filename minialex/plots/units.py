"""Units and their derivatives, a panel for each."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, RULE, SMALL

Values = Sequence[float] | np.ndarray
SIDE, GAP, TOP = 220, 46, 62  # pixels


def units(curves: Mapping[str, tuple[Values, Values, Values]], *, flat: float = 0.1) -> Figure:
    """Draw each unit and its derivative; where the unit is saturated, the background is grey.

    Args:   curves, for each unit x, y and the derivative at x; flat, the part of its maximum below which a derivative
            is that of a saturated unit.
    Errors: ValueError if there is none, or x, y and derivative differ in length.
    """
    if not curves or any(len({len(values) for values in three}) != 1 or not len(three[0]) for three in curves.values()):
        raise ValueError("curves must be one unit at least, each with as many y and derivatives as x")
    figure = Picture(GAP + len(curves) * (SIDE + GAP), TOP + SIDE + 40)
    for i, (name, (x, y, slope)) in enumerate(curves.items()):
        x, y, slope = (np.asarray(values, dtype=float) for values in (x, y, slope))
        axes = figure.panel(GAP + i * (SIDE + GAP), TOP, SIDE, SIDE)
        low, high = min(-0.1, 1.1 * y.min()), 1.1 * min(y.max(), 3.0)  # ReLU has no end
        is_flat = slope < flat * slope.max()
        axes.fill_between(x, low, high, where=is_flat.tolist(), color=RULE, alpha=0.5, lw=0, label="saturated")
        axes.plot(x, slope, color=ORANGE, lw=1.4, label="derivative")
        axes.plot(x, y, color=BLUE, lw=1.6, label="output")
        axes.set(xlim=(x.min(), x.max()), ylim=(low, high))
        axes.set_title(name, loc="left", fontsize=BODY, color=INK, pad=8)
        axes.grid(color=RULE, lw=0.5, alpha=0.6)
        axes.set_axisbelow(True)
    position: dict = {"loc": "lower right", "bbox_to_anchor": (1.02, 1.1), "ncols": 3, "frameon": False}
    figure.axes[-1].legend(**position, fontsize=SMALL, labelcolor=INK)
    return figure

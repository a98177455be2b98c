"""Draw docs/images/units.png: ReLU, tanh and sigmoid, and their slopes."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from minialex.layers import ReLU, Sigmoid, Tanh
from minialex.plots import save
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, RULE, SMALL

PICTURE = Path(__file__).parent / "images" / "units.png"
UNITS = {ReLU: BLUE, Tanh: ORANGE, Sigmoid: INK}


def units() -> Figure:
    """Draw two panels: each unit from -6 to 6, cut off at 1.5, and its slope."""
    x = np.linspace(-6, 6, 601)
    figure = Picture(670, 250, "")
    panels = [figure.panel(left, 16, 270, 180) for left in (64, 380)]
    for kind, colour in UNITS.items():
        unit = kind()
        y = unit.forward(x[None])[0]
        for axes, values in zip(panels, (y, unit.backward(np.ones_like(x)[None])[0]), strict=True):
            axes.plot(x, values, color=colour, lw=1.6, label=kind.__name__)
    for axes, name in zip(panels, ("y", "dy/dx"), strict=True):
        axes.set_ylim(-1.15, 1.5) if name == "y" else axes.set_ylim(-0.05, 1.3)
        axes.set_xlabel("x", fontsize=BODY, color=INK)
        axes.set_ylabel(name, fontsize=BODY, color=INK)
        axes.grid(color=RULE, lw=0.5, alpha=0.6)
        axes.legend(fontsize=SMALL, frameon=False, labelcolor=INK)
    return figure


if __name__ == "__main__":
    save(units(), PICTURE)

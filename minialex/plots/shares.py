"""How several quantities are spread over the layers of a net: a panel of bars for each."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, QUIET, SMALL, shorten

NAMES, WIDTH, APART, ROW, TOP = 70, 250, 24, 22, 34  # pixels: the names, a panel, between panels, a bar, the headings


def shares(quantities: Mapping[str, Mapping[str, float]], *, marked: str = "", title: str = "") -> Figure:
    """Draw a panel for each quantity, and in it a bar for each layer: its share of the whole, and its value.

    Args:   quantities, for each the values by layer, the same layers in all; marked, layers whose names begin so are
            orange and hatched; title, above it.
    Errors: ValueError if there is none, if the layers differ, or a quantity is negative or 0 everywhere.
    """
    layers = common_layers(quantities)
    width = NAMES + len(quantities) * (WIDTH + APART)
    figure = Picture(width, TOP + ROW * len(layers) + 16, title)
    for i, (name, values) in enumerate(quantities.items()):
        axes = figure.panel(NAMES + i * (WIDTH + APART), TOP, WIDTH, ROW * len(layers))
        draw_bars(axes, np.array(list(values.values()), dtype=float), [layer.startswith(marked) for layer in layers])
        axes.set_title(shorten(name, WIDTH, BODY), loc="left", fontsize=BODY, color=INK, parse_math=False)
    figure.axes[0].set_yticks(range(len(layers)), [shorten(layer, NAMES - 10, SMALL) for layer in layers])
    figure.axes[0].tick_params(axis="y", labelsize=SMALL, labelcolor=INK)
    figure.alt = f"{title or 'Shares by layer'}: {'; '.join(map(spoken, quantities, quantities.values()))}"
    return figure


def common_layers(quantities: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return the names of the layers, which must be the same in all quantities."""
    lists = [list(values) for values in quantities.values()]
    if not lists or any(names != lists[0] for names in lists):
        raise expected("shares", "one quantity or more, of the same layers", lists, "give a value for each layer")
    for name, values in quantities.items():
        if min(values.values(), default=-1) < 0 or not np.isfinite(total := sum(values.values())) or total <= 0:
            raise expected("shares", f"{name} >= 0, and not 0 everywhere", list(values.values()), "leave it out")
    return lists[0]


def draw_bars(axes: Axes, values: np.ndarray, is_marked: list[bool]) -> None:
    """Draw a bar for each value, with its share and the value beside it."""
    for row, (value, share, mark) in enumerate(zip(values, values / values.sum(), is_marked, strict=True)):
        marked = mark and not all(is_marked)
        look: dict = {"hatch": "///", "color": ORANGE, "alpha": 0.6} if marked else {"color": BLUE, "alpha": 0.8}
        axes.barh(row, share, height=0.72, lw=0, edgecolor="white", **look)
        text = f"{100 * share:.1f} %   {value:,.0f}" if value else "0"
        axes.annotate(text, (share, row), (4, 0), "data", "offset points", va="center", fontsize=SMALL, color=INK)
    axes.set(xlim=(0, 1.95 * (values.max() / values.sum())), ylim=(len(values) - 0.5, -0.5), xticks=(), yticks=())
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_color(QUIET)


def spoken(name: str, values: Mapping[str, float]) -> str:
    """Return a quantity as text: the share of each layer, in percent."""
    total = sum(values.values())
    return f"{name}, " + ", ".join(f"{layer} {100 * value / total:.1f} %" for layer, value in values.items())

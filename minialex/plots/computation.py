"""A computation as a graph: the value of each variable, and the gradient of the result with respect to it."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, PALE_BLUE, QUIET

BOX, HEIGHT = 76, 34  # pixels: a variable's box
ACROSS, DOWN = 150, 96  # from one column or row to the next
MARGIN = 26

Node = tuple[float, float, float, float]


def computation(nodes: Mapping[str, Node], arrows: Sequence[tuple[str, str]], *, title: str = "") -> Figure:
    """Draw variables as boxes and what is computed from what as arrows: values in blue above, gradients below.

    Args:   nodes, by the variable's text its column, row, value and gradient, rows from the top; arrows, pairs of
            texts (from, to); title, above it.
    Errors: ValueError if there is no variable, or an arrow begins or ends at another.
    """
    strangers = sorted({name for pair in arrows for name in pair} - nodes.keys())
    if not nodes or strangers:
        raise expected("computation", "arrows between its variables", strangers or "no variable", "add it to nodes")
    columns, rows = (1 + max(node[axis] for node in nodes.values()) for axis in (0, 1))
    width, height = columns * ACROSS - ACROSS + BOX + 2 * MARGIN, rows * DOWN + MARGIN
    figure = Picture(width, height + 14, title)
    axes = figure.bare(0, 0, width, height)
    axes.set(xlim=(0, width), ylim=(height, 0))
    for start, end in arrows:
        draw_arrow(axes, middle(nodes[start]), middle(nodes[end]))
    for name, node in nodes.items():
        draw_variable(axes, name, middle(node), *node[2:])
    for text, colour, x in (("value (forward)", BLUE, 12), ("gradient (backward)", ORANGE, 122)):
        figure.text(x / width, 6 / figure.pixels[1], text, fontsize=BODY, color=colour)
    return figure


def middle(node: Node) -> tuple[float, float]:
    """Return the middle of a variable's box, in pixels."""
    return MARGIN + BOX / 2 + node[0] * ACROSS, MARGIN + DOWN * (node[1] + 0.35)


def draw_arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow from the edge of a box to the edge of another, to its right or in its column."""
    straight = start[0] == end[0]
    first = (start[0] + (0 if straight else BOX / 2 + 4), start[1])
    last = (end[0] - (0 if straight else BOX / 2 + 4), end[1])
    style: dict = {"arrowstyle": "-|>", "color": QUIET, "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", last, first, arrowprops=style)


def draw_variable(axes: Axes, name: str, at: tuple[float, float], value: float, gradient: float) -> None:
    """Draw a variable's box with its text, the value above and the gradient below."""
    x, y = at
    style: dict = {"boxstyle": "round,pad=0,rounding_size=6", "fc": PALE_BLUE, "ec": "none", "alpha": 0.6}
    axes.add_patch(FancyBboxPatch((x - BOX / 2, y - HEIGHT / 2), BOX, HEIGHT, **style))
    axes.text(x, y, name, ha="center", va="center", fontsize=BODY + 1, color=INK, parse_math=False)
    axes.text(x, y - HEIGHT / 2 - 4, f"{value:g}", ha="center", va="bottom", fontsize=BODY + 1, color=BLUE)
    axes.text(x, y + HEIGHT / 2 + 4, f"{gradient:g}", ha="center", va="top", fontsize=BODY + 1, color=ORANGE)

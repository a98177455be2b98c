"""Curves in several panels with one logarithmic axis, such as gradients by layer for each rule of initial weights."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minialex.plots.figure import Picture
from minialex.plots.series import Values
from minialex.plots.style import BODY, INK, RULE, SEVERAL, SMALL, shorten

LEFT, TOP, WIDTH, HEIGHT, APART, NAMES = 70, 34, 150, 280, 14, 110  # pixels; of a panel, between panels, for the names
MARKERS = "os^Dvx*"
Lines = Mapping[str, tuple[Values, Values]]


def series_panels(panels: Mapping[str, Lines], *, x: str, y: str, title: str = "") -> Figure:
    """Draw a panel for each group of curves; a name has the same colour and marker in all of them.

    Args:   panels, for each panel's title its curves by name, each with x and y; x, y, what the axes show, y on a
            logarithmic axis that all panels share; title, above them.
    Errors: ValueError if there is no curve, or one whose x and y differ in length.
    """
    if not panels or not all(len(a) == len(b) > 0 for lines in panels.values() for a, b in lines.values()):
        raise ValueError("panels must be one at least, and each curve of as many x as y")
    names = list(dict.fromkeys(name for lines in panels.values() for name in lines))
    figure = Picture(LEFT + len(panels) * (WIDTH + APART) + NAMES, TOP + HEIGHT + 54, title)
    for i, (heading, lines) in enumerate(panels.items()):
        axes = figure.panel(LEFT + i * (WIDTH + APART), TOP, WIDTH, HEIGHT)
        draw_lines(axes, lines, names)
        axes.set_title(shorten(heading, WIDTH, SMALL), fontsize=SMALL, color=INK, parse_math=False)
        axes.set_xlabel(x, fontsize=SMALL, color=INK)
        axes.tick_params(labelleft=i == 0)
    low, high = zip(*(axes.get_ylim() for axes in figure.axes), strict=True)
    for axes in figure.axes:
        axes.set_ylim(min(low), max(high))
    figure.axes[0].set_ylabel(y, fontsize=BODY, color=INK)
    handles = {line.get_label(): line for axes in figure.axes for line in axes.lines}
    figure.axes[-1].legend(
        [handles[name] for name in names], names, loc="upper left", bbox_to_anchor=(1.01, 1.02),
        frameon=False, fontsize=SMALL, labelcolor=INK,
    )  # fmt: skip
    return figure


def draw_lines(axes: Axes, lines: Lines, names: Sequence[str]) -> None:
    """Draw the curves of one panel; a curve's colour and marker follow from its position in `names`."""
    for name, (a, b) in lines.items():
        i = names.index(name)
        axes.plot(a, b, color=SEVERAL[i % len(SEVERAL)], marker=MARKERS[i % len(MARKERS)], ms=3, lw=1.4, label=name)
    axes.set_yscale("log")
    axes.locator_params(axis="x", integer=True, nbins=6)
    axes.tick_params(which="minor", left=False)
    axes.grid(axis="y", color=RULE, lw=0.5, alpha=0.6)

"""What works when: intervals on rows, such as the host and a GPU."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, SMALL, shorten

LEFT, WIDTH, HEAD, ROW, FOOT = 90, 700, 26, 24, 46  # pixels: names, a panel, its title, a row, the axis
COLOURS, HATCHES = (BLUE, ORANGE), ("", "///")  # rows alternate
Interval = tuple[float, float]  # start and length


def timeline(panels: Mapping[str, Mapping[str, Sequence[Interval]]], *, x: str, title: str = "") -> Figure:
    """Draw a panel for each case, and in it a row for each worker: a bar for each piece of work. All have one axis.

    Args:   panels, by the name of a case the intervals (start, length) of each row; x, the axis with its unit; title,
            above it.
    Errors: ValueError if a panel has no interval, or an interval begins before 0 or has a length below 0.
    """
    intervals = [interval for rows in panels.values() for work in rows.values() for interval in work]
    if not intervals or any(not any(rows.values()) for rows in panels.values()):
        raise expected("timeline", "one interval at least in each panel", "none", "leave the panel out")
    if min(min(interval) for interval in intervals) < 0:
        raise expected("timeline", "starts and lengths >= 0", min(intervals), "measure from the first start")
    heights = [HEAD + ROW * len(rows) for rows in panels.values()]
    figure = Picture(LEFT + WIDTH + 20, sum(heights) + FOOT, title)
    for i, (name, rows) in enumerate(panels.items()):
        axes = figure.panel(LEFT, sum(heights[:i]) + HEAD, WIDTH, ROW * len(rows))
        for row, work in enumerate(rows.values()):
            look: dict = {"facecolor": COLOURS[row % 2], "hatch": HATCHES[row % 2], "edgecolor": "white", "lw": 0.8}
            axes.broken_barh(list(work), (row - 0.36, 0.72), **look)
        axes.set(xlim=(0, 1.02 * max(start + length for start, length in intervals)), ylim=(len(rows) - 0.5, -0.5))
        axes.set_yticks(range(len(rows)), [shorten(row, LEFT - 12, SMALL) for row in rows])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.tick_params(axis="x", labelbottom=i == len(panels) - 1)
        axes.set_title(shorten(name, WIDTH, BODY), loc="left", fontsize=BODY, color=INK, pad=5, parse_math=False)
    axes.set_xlabel(x, fontsize=BODY, color=INK)
    ends = {name: max(a + b for work in rows.values() for a, b in work) for name, rows in panels.items()}
    figure.alt = f"{title or 'What works when'}; ends at, {x}: {', '.join(f'{n} {end:g}' for n, end in ends.items())}"
    return figure

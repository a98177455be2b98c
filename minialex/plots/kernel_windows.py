"""The windows that a kernel sees: their positions by padding and stride, and im2col's columns (notebook 1)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from minialex.checks import check_integers, expected
from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, QUIET, SEVERAL, SMALL

COLOURS = SEVERAL[:4]  # of the first windows
MAP, PADDING, UNSEEN, LINE = "#cfe3f3", "#dddddd", "white", "#999999"
PANEL, TITLE, MARGIN = 200, 40, 12  # pixels: the side of a panel, the height of its title, the space around it
CELL = 34  # pixels, the side of an element that is written as a number


def window_positions(size: int, kernel: int, settings: Sequence[tuple[int, int]]) -> Figure:
    """Draw the windows of a kernel on a square map, a panel for each (pad, stride).

    The map is blue and its padding grey, elements in no window are white. A dot is the centre of a window, and the
    first two windows are framed.
    Args:   size, the side of the map; kernel, the side of the kernel; settings, pairs (pad, stride).
    Errors: ValueError if a number is no integer, or the kernel is larger than the padded map.
    """
    figure = Picture(len(settings) * (PANEL + MARGIN) + MARGIN, TITLE + PANEL + MARGIN)
    edge = max((pad for pad, _ in settings), default=0) + 0.1  # the same scale in all panels
    for n, (pad, stride) in enumerate(settings):
        check_integers("window_positions", size=size, kernel=kernel, stride=stride)
        check_integers("window_positions", 0, pad=pad)
        if kernel > size + 2 * pad:
            raise expected("window_positions", f"a kernel <= {size + 2 * pad}", kernel, "enlarge size or pad")
        axes = figure.bare(MARGIN + n * (PANEL + MARGIN), TITLE, PANEL, PANEL)
        draw_positions(axes, size, kernel, pad, stride)
        axes.set(xlim=(-edge, size + edge), ylim=(size + edge, -edge), aspect="equal")
    return figure


def draw_positions(axes: Axes, size: int, kernel: int, pad: int, stride: int) -> None:
    """Draw a padded map, the centres of all windows, and the frames of the first two; the map begins at (0, 0)."""
    starts = range(-pad, size + pad - kernel + 1, stride)
    for row, column in np.ndindex(size + 2 * pad, size + 2 * pad):
        y, x = row - pad, column - pad
        inside = min(x, y) >= 0 and max(x, y) < size
        colour = UNSEEN if max(x, y) >= starts[-1] + kernel else MAP if inside else PADDING
        axes.add_patch(Rectangle((x, y), 1, 1, fc=colour, ec=LINE, lw=0.6))
        if not inside:
            axes.text(x + 0.5, y + 0.5, "0", ha="center", va="center", fontsize=SMALL - 1, color=QUIET)
    centres = np.array(starts) + kernel / 2
    axes.plot(*map(np.ravel, np.meshgrid(centres, centres)), "o", color=INK, ms=2.5)
    for left, colour in zip(starts[:2], COLOURS, strict=False):
        axes.add_patch(Rectangle((left, -pad), kernel, kernel, fill=False, ec=colour, lw=2))
    count = len(starts)
    axes.set_title(f"pad {pad}, stride {stride}:\n{count} x {count} positions", fontsize=BODY, color=INK)


def window_columns(x: np.ndarray, cols: np.ndarray, kernel: int) -> Figure:
    """Draw a map with its windows as coloured frames, and beside it the columns that im2col makes of them.

    Args:   x (H, W); cols (kernel**2, windows), of stride 1 and at most four windows; kernel, its side.
    Errors: ValueError if the columns are not as many and as long as the windows.
    """
    rows, columns = (side - kernel + 1 for side in x.shape)
    if cols.shape != (kernel**2, rows * columns) or len(COLOURS) < rows * columns:
        shape = (kernel**2, rows * columns)
        raise expected("window_columns", f"cols {shape}, four at most", cols.shape, "draw a smaller map")
    H, W = x.shape
    left, height = W * CELL + 4 * MARGIN, max(H, len(cols)) * CELL
    figure = Picture(left + cols.shape[1] * CELL + 4 * MARGIN, TITLE + height + MARGIN)
    picture = figure.bare(2 * MARGIN, TITLE, W * CELL, H * CELL)
    matrix = figure.bare(left, TITLE, cols.shape[1] * CELL, len(cols) * CELL)
    write_values(picture, x, f"the windows of a {H}x{W} map", [INK] * W)
    write_values(matrix, cols, "as columns", COLOURS)
    for n, (row, column) in enumerate(np.ndindex(rows, columns)):
        inset = 0.03 + 0.04 * n  # frames lie inside one another
        side = kernel - 2 * inset
        frame: dict = {"fill": False, "lw": 2, "ec": COLOURS[n]}
        picture.add_patch(Rectangle((column - 0.5 + inset, row - 0.5 + inset), side, side, **frame))
        matrix.add_patch(Rectangle((n - 0.45, -0.45), 0.9, len(cols) - 0.1, **frame))
    return figure


def write_values(axes: Axes, values: np.ndarray, title: str, colours: Sequence[str]) -> None:
    """Write the elements of a matrix at their row and column, in a colour for each column."""
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, f"{value:g}", ha="center", va="center", fontsize=BODY + 1, color=colours[column])
    axes.set(xlim=(-0.5, values.shape[1] - 0.5), ylim=(values.shape[0] - 0.5, -0.5))
    axes.set_title(title, fontsize=BODY, color=INK)

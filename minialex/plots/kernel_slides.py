"""A kernel that slides over a map: the window, the sum of its products, and the output as it grows."""

from collections.abc import Sequence
from functools import partial
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from minialex.checks import check_integers, described, expected
from minialex.plots.film import Film
from minialex.plots.style import BODY, INK, ORANGE, SMALL, width

MARGIN, APART, HEAD, FOOT, CELL = 14, 34, 22, 12, 30  # pixels: edge, between panels, titles, below, an element
MOST = 64  # positions
MAP, PADDING, EMPTY, LINE = "#cfe3f3", "#e4e4e4", "white", "#999999"


def kernel_slides(x: np.ndarray, W: np.ndarray, *, stride: int = 1, pad: int | tuple[int, int] = 0) -> Film:
    """Draw a kernel at every position of a small map, one after the other: an animation of a convolution.

        y[h, w] = sum over i, j of W[i, j] * x[h * stride + i - pad, w * stride + j - pad]

    Args:   x (H, H), the map; W (K, K), the kernel; stride; pad, rows and columns of zeros around the map, or (before,
            after), as in `Conv2D`.
    Errors: ValueError if they are not square, the kernel is larger than the padded map, or has more than 64 positions.
    """
    x, W = np.asarray(x, dtype=float), np.asarray(W, dtype=float)
    before, after = pad if isinstance(pad, tuple) else (pad, pad)
    count = positions(x, W, stride, before, after)
    padded, starts = np.pad(x, (before, after)), stride * np.arange(count)
    y = np.array([[np.sum(W * padded[h : h + len(W), w : w + len(W)]) for w in starts] for h in starts])
    titles = "x, and zeros around it" if before or after else "x", "kernel", f"y: sums of {W.size} products"
    film, panels = empty_panels([len(padded), len(W), count], titles)
    draw_cells(panels[0], padded, range(before, len(padded) - after))
    draw_cells(panels[1], W, colour=EMPTY)
    values = draw_cells(panels[2], y)
    frames = [draw_frame(panels[0], len(W)), draw_frame(panels[2], 1)]
    film.play(count**2, [*values, *frames], partial(move, values, frames, count, stride))
    what = f"stride {stride}, pad {pad}, {count} x {count} positions, each a sum of {W.size} products"
    film.alt = f"A kernel of {len(W)} x {len(W)} slides over a map of {len(x)} x {len(x)}, {what}"
    return film


def empty_panels(cells: Sequence[int], titles: Sequence[str]) -> tuple[Film, list[Axes]]:
    """Return a film with a panel for each square of so many cells a side, with its title."""
    sides = [CELL * count for count in cells]
    rooms = [max(side, ceil(width(title, BODY))) for side, title in zip(sides, titles, strict=True)]
    film = Film(sum(rooms) + 2 * APART + 2 * MARGIN, HEAD + max(sides) + FOOT + MARGIN)
    panels = []
    for i, (side, title) in enumerate(zip(sides, titles, strict=True)):
        panels.append(film.bare(MARGIN + sum(rooms[:i]) + i * APART, MARGIN + HEAD, side, side))
        panels[-1].set(xlim=(0, cells[i]), ylim=(cells[i], 0))
        panels[-1].set_title(title, loc="left", fontsize=BODY, color=INK, pad=6)
    return film, panels


def positions(x: np.ndarray, W: np.ndarray, stride: int, before: int, after: int) -> int:
    """Return the number of positions along a side, once all arguments are known to fit."""
    check_integers("kernel_slides", stride=stride)
    check_integers("kernel_slides", 0, before=before, after=after)
    for name, square in (("x", x), ("W", W)):
        if square.ndim != 2 or square.shape[0] != square.shape[1] or not square.size:
            raise expected("kernel_slides", f"{name} to be a square", described(square), "take one channel")
    count = (len(x) + before + after - len(W)) // stride + 1
    if len(W) > len(x) + before + after or count**2 > MOST:
        got = f"{count} x {count}" if count > 0 else "none"
        raise expected("kernel_slides", f"1 to {MOST} positions of the kernel", got, "change the map or the stride")
    return count


def draw_cells(axes: Axes, values: np.ndarray, inner: range | None = None, colour: str = MAP) -> list[Text]:
    """Draw a square of cells; return their values as texts, row by row.

    Args:   inner, the rows and columns inside the padding, which is grey (None: all); colour, of these.
    """
    texts = []
    for (row, column), value in np.ndenumerate(values):
        inside = inner is None or (row in inner and column in inner)
        fill = colour if inside else PADDING
        axes.add_patch(Rectangle((column, row), 1, 1, fc=fill, ec=LINE, lw=0.6, clip_on=False))
        font: dict = {"fontsize": SMALL, "color": INK, "ha": "center", "va": "center"}
        texts.append(axes.text(column + 0.5, row + 0.5, f"{value:g}", **font))
    return texts


def draw_frame(axes: Axes, side: int) -> Rectangle:
    """Draw the frame of a window, at the first position."""
    frame = Rectangle((0, 0), side, side, fill=False, ec=ORANGE, lw=2.5, clip_on=False, zorder=3)
    axes.add_patch(frame)
    return frame


def move(values: list[Text], frames: list[Rectangle], count: int, stride: int, i: int) -> None:
    """Move both frames to position i, and show the values of the output up to there."""
    row, column = divmod(i, count)
    for number, value in enumerate(values):
        value.set_visible(number <= i)
    window, element = frames
    window.set_xy((column * stride, row * stride))
    element.set_xy((column, row))

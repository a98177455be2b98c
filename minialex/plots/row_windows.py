"""The first and the last windows of a convolution along one row of an image: what lies past its edges."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from minialex.checks import check_integers, expected
from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, PALE_BLUE, QUIET, SMALL

EDGE, TITLE, ROW, LINE, APART = 14, 24, 15, 11, 20  # pixels: margin, a heading, a window, the image, between settings
SHOWN, WIDTH = 3, 820  # windows at each end; pixels
PADDING = "#dddddd"


def row_windows(settings: Mapping[str, tuple[int, int, int]], *, kernel: int = 11, stride: int = 4) -> Figure:
    """Draw for each setting one row of the image, its padding, and the first and last windows that read it.

    Windows that read padding are orange and hatched; the middle of the row is left out.
    Args:   settings, by name the image's size and the zeros before and after it: {"paper": (224, 0, 3)}; kernel,
            stride, as of conv1.
    Errors: ValueError if there is no setting, or a row has fewer windows than are drawn.
    """
    check_integers("row_windows", kernel=kernel, stride=stride)
    if not settings:
        raise expected("row_windows", "one setting at least", "none", "give {name: (size, before, after)}")
    counts = {name: positions(name, *sizes, kernel, stride) for name, sizes in settings.items()}
    height = TITLE + LINE + SHOWN * ROW + APART
    figure = Picture(WIDTH + 2 * EDGE, len(settings) * height + EDGE)
    side = (SHOWN - 1) * stride + kernel + 3  # pixels of the row that are shown at each end
    for n, (name, (size, before, after)) in enumerate(settings.items()):
        unread = size + before + after - (counts[name] - 1) * stride - kernel
        for half, start in ((0, -before - 1), (1, size + after - side + 1)):
            axes = figure.bare(EDGE + half * (WIDTH / 2 + 8), n * height + TITLE, WIDTH / 2 - 8, height - TITLE - APART)
            axes.set(xlim=(start, start + side), ylim=(LINE + SHOWN * ROW, 0))
            draw_row(axes, size, before, after)
            first = 0 if half == 0 else counts[name] - SHOWN
            for row in range(SHOWN):
                draw_window(axes, -before + (first + row) * stride, row, kernel, size)
        rest = f", {unread} unread" if unread else ""
        text = f"{name}: {size} pixels, {before} zeros before and {after} after: {counts[name]} windows{rest}"
        figure.axes[-2].set_title(text, loc="left", fontsize=BODY, color=INK, pad=4)
    figure.alt = "First and last windows along a row; " + "; ".join(
        f"{name}: {n} windows" for name, n in counts.items()
    )
    return figure


def positions(name: str, size: int, before: int, after: int, kernel: int, stride: int) -> int:
    """Return the number of windows along a row."""
    count = (size + before + after - kernel) // stride + 1
    if count < 2 * SHOWN:
        raise expected("row_windows", f"{2 * SHOWN} windows or more in {name}", count, "enlarge the image")
    return count


def draw_row(axes: Axes, size: int, before: int, after: int) -> None:
    """Draw the pixels of a row and the zeros around it."""
    for start, length, colour in ((-before, before, PADDING), (0, size, PALE_BLUE), (size, after, PADDING)):
        for i in range(length):
            axes.add_patch(Rectangle((start + i, 0), 1, LINE - 2, fc=colour, ec="white", lw=0.6))
    low, high = axes.get_xlim()
    for pixel in (0, size - 1):
        if low <= pixel <= high:
            axes.text(pixel + 0.5, LINE / 2 - 1, f"{pixel}", fontsize=SMALL - 2, color=INK, ha="center", va="center")


def draw_window(axes: Axes, start: int, row: int, kernel: int, size: int) -> None:
    """Draw a window as a bar below the pixels that it reads, with the first and the last of them."""
    outside = start < 0 or start + kernel > size
    look: dict = {"ec": ORANGE, "fc": "white", "hatch": "////"} if outside else {"ec": BLUE, "fc": "white"}
    axes.add_patch(Rectangle((start, LINE + row * ROW + 2), kernel, ROW - 4, lw=1, **look))
    text = f"{start} to {start + kernel - 1}"
    back: dict = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"}
    middle = start + kernel / 2, LINE + (row + 0.5) * ROW
    axes.text(*middle, text, fontsize=SMALL - 1, color=QUIET, ha="center", va="center", bbox=back)

"""The look that all pictures share: a few colours, two font sizes, and names cut to fit.

The colours are Okabe and Ito's, which people with colour blindness can distinguish. They are passed to
matplotlib as arguments, never set in its global rcParams, which threads and notebooks share.
"""

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

INK = "#262626"  # text
QUIET = "#757575"  # secondary text, ticks
RULE = "#d4d4d4"  # thin lines
BLUE = "#0072b2"  # training; in a confusion matrix, correct
ORANGE = "#d55e00"  # validation; in a confusion matrix, wrong
GREEN, PURPLE, SKY, AMBER = "#009e73", "#cc79a7", "#56b4e9", "#e69f00"  # where there are more than two
SEVERAL = (BLUE, ORANGE, GREEN, PURPLE, SKY, INK, AMBER)
PALE_BLUE = "#c5dcec"  # bars behind text: any label
PALE_ORANGE = "#f6b37a"  # ... the true label

BODY = 9  # font sizes, in points
SMALL = 8
POINT = 72 / 100  # one pixel in points, at 100 pixels an inch


def width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text, in pixels; 4 % more than that of the outlines, for rounding to pixels."""
    font = FontProperties(size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] * 1.04 / POINT


def shorten(text: object, limit: float, size: float, weight: str = "normal") -> str:
    """Return the text on one line, its end replaced by an ellipsis where it is wider than `limit` pixels."""
    line = " ".join(str(text).split())
    line = line.encode(errors="replace").decode()  # names of files may contain bytes that are not UTF-8
    if width(line, size, weight) <= limit:
        return line
    low, high = 0, len(line)  # the first `low` characters fit, the first `high` do not
    while high - low > 1:
        middle = (low + high) // 2
        fits = width(line[:middle] + "…", size, weight) <= limit
        low, high = (middle, high) if fits else (low, middle)
    return line[:low].rstrip(" ,") + "…"


def percent(fraction: float) -> str:
    """Return a fraction as an integer percentage, a narrow label."""
    return "<1 %" if 0 < fraction < 0.01 else f"{100 * fraction:.0f} %"

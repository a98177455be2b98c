"""The look that all pictures share: a few colours, two sizes of type, and names cut to fit.

The colours are Okabe and Ito's, which people with any colour blindness tell apart. They are handed to
matplotlib as arguments, never set in its global rcParams: threads and notebooks share those.
"""

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

INK = "#262626"  # words
QUIET = "#757575"  # secondary words, ticks
RULE = "#d4d4d4"  # thin lines
BLUE = "#0072b2"  # training; in a table, right
ORANGE = "#d55e00"  # validation; in a table, wrong
PALE_BLUE = "#c5dcec"  # bars behind words: any label
PALE_ORANGE = "#f6b37a"  # ... the right label

BODY = 9  # sizes of type, in points
SMALL = 8
POINT = 72 / 100  # one pixel in points, at 100 pixels an inch


def width(text: str, size: float, weight: str = "normal") -> float:
    """The width of a line of text, in pixels; 4 % more than the outlines', for what rounding to pixels adds."""
    font = FontProperties(size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] * 1.04 / POINT


def shorten(text: object, room: float, size: float, weight: str = "normal") -> str:
    """The text on one line, its end replaced by an ellipsis where it is wider than `room` pixels."""
    line = " ".join(str(text).split()).encode(errors="replace").decode()  # bytes that are no letters: names of files
    if width(line, size, weight) <= room:
        return line
    low, high = 0, len(line)  # the first `low` letters fit, the first `high` do not
    while high - low > 1:
        middle = (low + high) // 2
        fits = width(line[:middle] + "…", size, weight) <= room
        low, high = (middle, high) if fits else (low, middle)
    return line[:low].rstrip(" ,") + "…"


def percent(fraction: float) -> str:
    """A fraction in whole percent, as a narrow label."""
    return "<1 %" if 0 < fraction < 0.01 else f"{100 * fraction:.0f} %"

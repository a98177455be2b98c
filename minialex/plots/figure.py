"""A Figure measured in pixels that a notebook can show, and `save`, which writes it whole or not at all."""

import io
import os
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure

from minialex.files.atomic import whole_file
from minialex.plots.style import BODY, INK, POINT, QUIET, RULE, SMALL, shorten

TITLE, EDGE = 32, 12  # pixels: the height of a title, and the space around it


class Picture(Figure):
    """A matplotlib Figure of width x height pixels (at 100 an inch), and more height for a title.

    A notebook shows a plain Figure only once pyplot is loaded; this one renders its own PNG.
    """

    def __init__(self, width: float, height: float, title: str = ""):
        self.top = TITLE if title else 0  # where panels begin
        height += self.top
        self.pixels = width, height
        super().__init__(figsize=(width * POINT / 72, height * POINT / 72), dpi=72 / POINT, facecolor="white")
        if title:
            font: dict = {"fontsize": BODY + 1, "weight": "bold", "color": INK, "va": "top", "parse_math": False}
            line = shorten(title, width - 2 * EDGE, BODY + 1, "bold")
            self.text(EDGE / width, 1 - EDGE / height, line, **font)

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes at a position in pixels from the top left corner below the title, with thin lines left and below."""
        w, h = self.pixels
        bottom = self.top + top + height
        axes = self.add_axes((left / w, 1 - bottom / h, width / w, height / h), facecolor="white")
        axes.tick_params(color=RULE, labelcolor=QUIET, labelsize=SMALL, length=3)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(RULE)
        return axes

    def bare(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes without lines, ticks and labels."""
        axes = self.panel(left, top, width, height)
        axes.set_axis_off()
        return axes

    def _repr_png_(self) -> bytes:
        return render(self, "png")


def render(figure: Figure, form: str) -> bytes:
    """Return the figure as the bytes of a picture file."""
    memory = io.BytesIO()
    figure.savefig(memory, format=form, dpi=figure.dpi)
    return memory.getvalue()


def save(figure: Figure, path: str | os.PathLike) -> None:
    """Write a figure to `path`, in the format that its suffix names (.png, .pdf, .svg, ...).

    Errors: ValueError if matplotlib does not know the suffix; OSError if the folder cannot be written.
    """
    content = render(figure, format_of(path))
    with whole_file(path) as file:
        file.write(content)


def format_of(path: str | os.PathLike) -> str:
    """Return the format that the suffix of a picture's name specifies."""
    form, known = Path(path).suffix[1:].lower(), sorted(FigureCanvasBase.get_supported_filetypes())
    if form not in known:
        raise ValueError(f"cannot save a figure as {Path(path).name!r}: end the name in .{', .'.join(known)}")
    return form

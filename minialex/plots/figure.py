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

    A notebook shows a plain Figure only once pyplot is loaded; this one renders its own PNG. `alt` says what it shows,
    for readers who cannot see it: web pages made of notebooks have it as the picture's text, files as its description.
    """

    alt = ""  # "": titles and labels of the panels

    def __init__(self, width: float, height: float, title: str = ""):
        self.top = TITLE if title else 0  # where panels begin
        height += self.top
        self.pixels = width, height
        super().__init__(figsize=(width * POINT / 72, height * POINT / 72), dpi=72 / POINT, facecolor="white")
        self.title = title
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

    def encoded(self, form: str) -> bytes:
        """Return the bytes of a file of this format ("png", "svg", ...)."""
        return render(self, form)

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        return self.encoded("png"), {"alt": text_alternative(self)}


def text_alternative(figure: Figure) -> str:
    """Return what a picture shows, as text: its `alt`, else its title, and title, labels and curves of each panel."""
    if alt := getattr(figure, "alt", ""):
        return " ".join(alt.split())
    panels = dict.fromkeys(filter(None, map(panel_text, figure.axes)))  # each text once
    return "; ".join(filter(None, (getattr(figure, "title", ""), *panels))) or "a picture"


def panel_text(axes: Axes) -> str:
    """Return title, labels and named curves of a panel: "Loss against Epoch (training, validation)"."""
    what = " ".join(filter(None, (axes.get_title(loc="left"), axes.get_title(), axes.get_ylabel())))
    against = f" against {axes.get_xlabel()}" if axes.get_xlabel() else ""
    names = ", ".join(dict.fromkeys(axes.get_legend_handles_labels()[1]))
    return " ".join(f"{what}{against}{f' ({names})' if names else ''}".split())


DESCRIBED = {"png": "Description", "svg": "Description", "pdf": "Subject"}  # the entry for it in a file


def render(figure: Figure, form: str) -> bytes:
    """Return the figure as the bytes of a picture file, its text alternative in it where the format has room."""
    memory = io.BytesIO()
    metadata = {DESCRIBED[form]: text_alternative(figure)} if form in DESCRIBED else None
    figure.savefig(memory, format=form, dpi=figure.dpi, metadata=metadata)
    return memory.getvalue()


def save(figure: Figure, path: str | os.PathLike) -> None:
    """Write a figure to `path`, in the format that its suffix names (.png, .pdf, .svg, ...).

    Errors: ValueError if matplotlib does not know the suffix; OSError if the folder cannot be written.
    """
    form = format_of(path)
    content = figure.encoded(form) if isinstance(figure, Picture) else render(figure, form)
    with whole_file(path) as file:
        file.write(content)


def format_of(path: str | os.PathLike) -> str:
    """Return the format that the suffix of a picture's name specifies."""
    form, known = Path(path).suffix[1:].lower(), sorted(FigureCanvasBase.get_supported_filetypes())
    if form not in known:
        raise ValueError(f"cannot save a figure as {Path(path).name!r}: end the name in .{', .'.join(known)}")
    return form

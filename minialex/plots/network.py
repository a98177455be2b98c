"""A net of two groups as a drawing (Figure 2 of the paper): the layers of each device, and what passes between them."""

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from minialex.checks import expected
from minialex.plots.figure import Picture
from minialex.plots.network_boxes import BELOW, BETWEEN, COLUMN, EDGE, GROUP, LEFT, Box, layout
from minialex.plots.style import BLUE, BODY, INK, ORANGE, PALE_BLUE, QUIET, RULE, SMALL

TOP = 12  # pixels above the groups
DEVICE = "#f7f7f7"


def network(rows: Iterable[Any], transfers: Sequence[Any], image: tuple[int, ...], *, title: str = "") -> Figure:
    """Draw the layers with weights of two groups, a row for each device, and an arrow for each transfer between them.

    A box is as high as its maps are, and as wide as they are many. The orange arrows are the transfers of forward,
    thicker for more bytes; backward sends as much the other way.
    Args:   rows, transfers, of a net's summary: `s = summary(alexnet(...), image, batch=128)`, `s.rows`, `s.transfers`;
            image, the shape of the images (C, H, W); title, above it.
    Errors: ValueError if the net has not the groups a and b.
    """
    boxes, targets = layout(rows, transfers, image)
    groups = sorted({box.group for box in boxes})
    if groups != ["a", "b"]:
        raise expected("network", "a net of two groups, a and b", ", ".join(groups), "draw alexnet or small_alexnet")
    width, height = LEFT + COLUMN * max(box.column for box in boxes) + COLUMN / 2, 2 * GROUP + BETWEEN + BELOW
    figure = Picture(width + EDGE, TOP + height, title)
    axes = figure.bare(0, TOP, width + EDGE, height)
    axes.set(xlim=(0, width + EDGE), ylim=(height, 0))
    draw_devices(axes, width)
    draw_arrows(axes, boxes)
    for transfer in transfers:
        draw_transfer(axes, boxes, targets[transfer.communication], transfer, max(t.forward for t in transfers))
    write_bytes(axes, transfers, targets)
    for box in boxes:
        draw_box(axes, box, max(image[1:]))
    write_names(axes, boxes)
    sent = "; ".join(f"{t.communication} {t.sender} to {t.receiver} {megabytes(t.forward)}" for t in transfers)
    figure.alt = f"{title or 'A net in two groups'}: two rows of layers, one a device, and arrows between them: {sent}"
    return figure


def draw_devices(axes: Axes, width: float) -> None:
    """Draw a frame for each device."""
    for group, top in (("a", 0), ("b", GROUP + BETWEEN)):
        axes.add_patch(Rectangle((EDGE, top), width - EDGE, GROUP, fc=DEVICE, ec=RULE, lw=0.8, zorder=0))
        axes.text(width - 6, top + 6, f"device of group {group}", fontsize=SMALL, color=QUIET, va="top", ha="right")


def draw_box(axes: Axes, box: Box, largest: int) -> None:
    """Draw a layer, with the shape of its output where no transfer passes."""
    (x, y), (w, h) = box.middle, box.size(largest)
    colour = "white" if box.layer == "images" else PALE_BLUE
    axes.add_patch(Rectangle((x - w / 2, y - h / 2), w, h, fc=colour, ec=BLUE, lw=1, zorder=3))
    shape = "{} x {}x{}".format(*box.shape) if len(box.shape) == 3 else f"{box.shape[0]:,}"
    above, side = box.group == "a", -1 if box.group == "a" else 1
    axes.text(x, y + side * (h / 2 + 4), shape, fontsize=SMALL - 1, ha="center", va="bottom" if above else "top")


def write_names(axes: Axes, boxes: Sequence[Box]) -> None:
    """Write the name of each layer at the bottom, once for both groups."""
    font: dict = {"fontsize": BODY, "color": INK, "ha": "center", "va": "top", "weight": "bold"}
    for name, x in {box.layer: box.middle[0] for box in boxes}.items():
        axes.text(x, 2 * GROUP + BETWEEN + 8, name, **font)


def draw_arrows(axes: Axes, boxes: Sequence[Box]) -> None:
    """Draw a grey arrow from each layer to the next one of its group."""
    for box in boxes:
        before = [other for other in boxes if other.group == box.group and other.column == box.column - 1]
        for other in before:
            arrow(axes, other, box, {"color": QUIET, "lw": 1})


def draw_transfer(axes: Axes, boxes: Sequence[Box], column: int, transfer: Any, most: int) -> None:
    """Draw an orange arrow from the layer before a communication to the one after it, on the other device."""
    start = next((box for box in boxes if box.group == transfer.sender and box.column == column - 1), boxes[0])
    for end in boxes:
        if end.group == transfer.receiver and end.column == column:
            arrow(axes, start, end, {"color": ORANGE, "lw": 1 + 3 * (transfer.forward / most) ** 0.5, "ls": "--"})


def arrow(axes: Axes, start: Box, end: Box, look: dict) -> None:
    """Draw an arrow from the right of one box to the left of another."""
    (x0, y0), (x1, y1) = start.middle, end.middle
    position: dict = {"xytext": (x0 + 22, y0), "xycoords": "data", "textcoords": "data", "zorder": 2}
    axes.annotate("", (x1 - 22, y1), arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **look}, **position)


def write_bytes(axes: Axes, transfers: Sequence[Any], targets: dict[str, int]) -> None:
    """Write between the groups how much each communication transfers, once where both directions are alike."""
    for name, column in targets.items():
        sent = [transfer.forward for transfer in transfers if transfer.communication == name]
        text = megabytes(sent[0]) + ("\neach way" if len(sent) > 1 else "")
        back: dict = {"boxstyle": "round,pad=0.25", "fc": "white", "ec": "none"}
        position = LEFT + COLUMN * (column - 0.5), GROUP + BETWEEN / 2
        axes.text(*position, text, fontsize=SMALL, color=ORANGE, ha="center", va="center", bbox=back, zorder=4)


def megabytes(count: int) -> str:
    """Return a number of bytes as text, in a unit that leaves few digits."""
    for unit, size in (("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}" if count < 100 * size else f"{count / size:.0f} {unit}"
    return f"{count} bytes"

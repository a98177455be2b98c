"""The layout of the drawing of a net in two groups: a box for each layer with weights, and where transfers go."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

COLUMN, LEFT, EDGE = 100, 62, 10  # pixels: from layer to layer, the first one, the margin
GROUP, BETWEEN, BELOW = 150, 76, 34  # pixels: the height of a group, between the groups, the names below
TALL, SHORT, WIDE, NARROW = 100, 14, 36, 8  # pixels: boxes of large and of small maps, of many and of few of them
MANY = 200  # maps that make the widest box


class Box(NamedTuple):
    """One layer of one group in the drawing."""

    layer: str
    group: str  # a or b; the images and layers without groups are on the device of a
    shape: tuple[int, ...]  # of its output for one image
    column: int

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box, in pixels from the top left."""
        return LEFT + COLUMN * self.column, (GROUP + BETWEEN) * (self.group == "b") + GROUP / 2

    def size(self, largest: int) -> tuple[float, float]:
        """Return width and height in pixels, by the square roots of the number of maps and of their side."""
        if len(self.shape) < 3:
            return NARROW, 0.6 * TALL
        count, side = self.shape[:2]
        return max(NARROW, WIDE * min(1, (count / MANY) ** 0.5)), max(SHORT, TALL * (side / largest) ** 0.5)


def layout(rows: Iterable[Any], transfers: Sequence[Any], image: tuple[int, ...]) -> tuple[list[Box], dict[str, int]]:
    """Return the images and the layers with weights as boxes, and the column to which each communication leads.

    Args:   rows, transfers, of a net's summary; image, the shape of the images.
    """
    boxes, columns, target = [Box("images", "a", tuple(image), 0)], {"images": 0}, {}
    communications = {transfer.communication for transfer in transfers}
    for row in rows:
        if row.layer in communications:
            target[row.layer] = len(columns)  # the column of the layer after it
        elif row.multiply_adds:
            *path, name = row.layer.split(".")
            column = columns.setdefault(name, len(columns))
            group = next((part for part in path if part in ("a", "b")), "a")
            boxes.append(Box(name, group, tuple(row.output_shape), column))
    return boxes, target

"""Small pictures in a grid, for `filters` and `activations`."""

import math
import string

import numpy as np

from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, shorten, width

WIDTH = 940  # of all tiles, in pixels, at most
GAP = 3  # between two tiles
GROUP_GAP = 22
EDGE = 8  # around everything


def tile_figure(tiles: np.ndarray, *, group_size: int | None = None, title: str = "") -> Picture:
    """Draw uint8 colour tiles (N, H, W, 3) in order, row by row; groups are separated and named a, b, ..."""
    columns = count_columns(len(tiles))
    zoom = (WIDTH // max(columns, 8) - GAP) // max(tiles.shape[1:3])
    zoom = max(1, zoom)  # an integer: all pixels of a tile are equally large
    tiles = tiles.repeat(zoom, axis=1).repeat(zoom, axis=2)
    picture, tops = mosaic(tiles, columns, group_size or len(tiles))
    shrink = min(1, WIDTH / picture.shape[1])
    w, h = round(picture.shape[1] * shrink), round(picture.shape[0] * shrink)
    left, top = (28 if len(tops) > 1 else EDGE), (30 if title else EDGE)
    title = shorten(title, WIDTH, BODY)
    figure = Picture(left + max(w, math.ceil(width(title, BODY))) + EDGE, top + h + EDGE)
    axes = figure.bare(left, top, w, h)
    axes.imshow(picture, aspect="auto", interpolation="antialiased")
    axes.set_title(title, loc="left", fontsize=BODY, color=INK, parse_math=False)
    if len(tops) > 1:
        for letter, y in zip(string.ascii_lowercase, tops, strict=False):
            axes.text(-10, y, letter, ha="right", va="top", fontsize=BODY + 2, weight="bold", color=INK)
    return figure


def count_columns(count: int) -> int:
    """Return the smallest multiple of 8 whose square is at least `count`: 32 -> 8, 96 and 256 -> 16, 384 -> 24."""
    return min(count, 8 * math.ceil(math.sqrt(count) / 8))


def mosaic(tiles: np.ndarray, columns: int, group_size: int) -> tuple[np.ndarray, list[int]]:
    """Return the tiles in one white picture (H, W, 3), and the row at which each group begins."""
    count, h, w, _ = tiles.shape
    rows, groups = math.ceil(group_size / columns), math.ceil(count / group_size)
    tops = [g * (rows * (h + GAP) + GROUP_GAP) for g in range(groups)]
    picture = np.full((tops[-1] + rows * (h + GAP) - GAP, columns * (w + GAP) - GAP, 3), 255, np.uint8)
    for i, tile in enumerate(tiles):
        group, index = divmod(i, group_size)
        y = tops[group] + index // columns * (h + GAP)
        x = index % columns * (w + GAP)
        picture[y : y + h, x : x + w] = tile
    return picture, tops

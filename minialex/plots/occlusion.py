"""Occlusion maps: what a net loses where a part of an image is covered."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minialex.checks import described, expected
from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, QUIET, SMALL, shorten

SIDE, GAP, MARGIN, HEAD, BAR = 130, 10, 12, 18, 66  # pixels: an image, between images, edge, captions, the scale
COLOURS = "cividis"  # dark where the value is low; the same to readers with colour blindness, and in grey print


def occlusion(
    images: np.ndarray, maps: np.ndarray, captions: Sequence[str] = (), *, scale: str = "probability of its class",
    title: str = "",
) -> Figure:  # fmt: skip
    """Draw images, and below each the map of what a net returns when the image is covered there.

    Args:   images (N, 3 or 1, H, W) uint8, N at most 8; maps (N, h, w), a value for each position of the cover, drawn
            over the whole image; captions, above the images; scale, what the values are; title, above it.
    Errors: ValueError if shapes or types do not fit, or a value is not finite.
    """
    images, maps = np.asarray(images), np.asarray(maps, dtype=float)
    check_occlusion(images, maps, captions)
    head = HEAD if captions else 0
    width = 2 * MARGIN + len(images) * (SIDE + GAP) + BAR
    figure = Picture(width, 2 * MARGIN + head + 2 * SIDE + GAP + 16, title)
    low, high = min(0.0, maps.min()), max(maps.max(), 1e-9)
    for i, (image, values) in enumerate(zip(images, maps, strict=True)):
        x, y = MARGIN + i * (SIDE + GAP), MARGIN + head
        axes = figure.bare(x, y, SIDE, SIDE)
        axes.imshow(image.transpose(1, 2, 0).repeat(3 // len(image), axis=2), interpolation="antialiased")
        if captions:
            caption = shorten(captions[i], SIDE + GAP - 2, SMALL)
            axes.set_title(caption, loc="left", fontsize=SMALL, color=INK, pad=4, parse_math=False)
        shown = figure.bare(x, y + SIDE + GAP, SIDE, SIDE)
        drawn = shown.imshow(values, cmap=COLOURS, vmin=low, vmax=high, interpolation="nearest", aspect="auto")
    draw_scale(figure, figure.panel(x + SIDE + GAP, y + SIDE + GAP, 14, SIDE), drawn, scale)
    lowest = ", ".join(f"{values.min():.2f}" for values in maps)
    figure.alt = f"{title or 'Occlusion maps'}: {len(images)} images and maps of the {scale}; lowest values {lowest}"
    return figure


def draw_scale(figure: Picture, axes: Axes, drawn, scale: str) -> None:
    """Draw which colour is which value."""
    bar = figure.colorbar(drawn, cax=axes)
    bar.outline.set_visible(False)
    axes.tick_params(labelsize=SMALL, labelcolor=QUIET, length=2)
    axes.set_ylabel(scale, fontsize=BODY, color=INK)


def check_occlusion(images: np.ndarray, maps: np.ndarray, captions: Sequence[str]) -> None:
    """Raise a ValueError, in one sentence, for input that cannot be drawn."""
    if images.ndim != 4 or images.shape[1] not in (1, 3) or images.dtype != np.uint8 or not 1 <= len(images) <= 8:
        raise expected("occlusion", "1 to 8 uint8 images (N, 3 or 1, H, W)", described(images), "convert or select")
    if maps.ndim != 3 or len(maps) != len(images) or maps.size == 0:
        raise expected("occlusion", f"maps ({len(images)}, h, w)", described(maps), "give one for each image")
    if not np.isfinite(maps).all():
        raise expected("occlusion", "finite values", "nan or infinity", "look at the net's output")
    if len(captions) not in (0, len(images)):
        raise expected("occlusion", f"{len(images)} captions, or none", len(captions), "add or remove some")

"""Images in a grid, each with a caption."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minialex.checks import check_integers, described, expected
from minialex.plots.figure import Picture
from minialex.plots.style import INK, SMALL, shorten

MARGIN, GAP, LINE = 12, 10, 15  # pixels: around everything, between two images, a line of a caption


def gallery(
    images: np.ndarray, captions: Sequence[str] = (), *, columns: int = 6, side: int = 130, title: str = ""
) -> Figure:
    """Draw images in a grid, row by row, each with a caption of one or two lines above it.

    Args:   images (N, 3 or 1, H, W), uint8; captions, one for each image, or none; columns, at most so many; side, of
            an image, pixels; title, above it.
    Errors: ValueError if images are not uint8 of that shape, or captions are not as many.
    """
    images = np.asarray(images)
    check_integers("gallery", columns=columns, side=side)
    if images.ndim != 4 or images.shape[1] not in (1, 3) or images.dtype != np.uint8 or not len(images):
        advice = "clip them to 0 to 255 and convert them"
        raise expected("gallery", "uint8 images (N, 3 or 1, H, W)", described(images), advice)
    if len(captions) not in (0, len(images)):
        raise expected("gallery", f"a caption for each of {len(images)} images", len(captions), "add or remove some")
    lines = max((caption.count("\n") + 1 for caption in captions), default=0)
    columns, height = min(columns, len(images)), side + LINE * lines + GAP
    size = columns * (side + GAP) - GAP + 2 * MARGIN, math.ceil(len(images) / columns) * height + 2 * MARGIN - GAP
    figure = Picture(*size, title)
    figure.alt = f"{title or 'Images'}: {'; '.join(captions) or len(images)}"
    for i, image in enumerate(images):
        row, column = divmod(i, columns)
        axes = figure.bare(MARGIN + column * (side + GAP), MARGIN + row * height + LINE * lines, side, side)
        draw_captioned(axes, image, captions[i] if captions else "")
    return figure


def draw_captioned(axes: Axes, image: np.ndarray, caption: str = "") -> None:
    """Draw an image with its caption above it; lines that are wider than the image are cut."""
    colours: dict = {"cmap": "gray", "vmin": 0, "vmax": 255} if len(image) == 1 else {}
    axes.imshow(np.squeeze(image.transpose(1, 2, 0)), interpolation="antialiased", **colours)
    text = "\n".join(shorten(line, axes.bbox.width + GAP - 2, SMALL) for line in caption.split("\n"))
    font: dict = {"fontsize": SMALL, "color": INK, "parse_math": False, "linespacing": 1.15}
    axes.annotate(text, (0, 1), (0, 3), "axes fraction", "offset points", **font)

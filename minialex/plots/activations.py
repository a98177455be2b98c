"""The feature maps of a layer for one image."""

import numpy as np
from matplotlib.figure import Figure

from minialex.plots.tiles import tile_figure


def activations(values: np.ndarray, *, title: str = "") -> Figure:
    """Draw the feature maps of one image as a grid of grey tiles, in order.

    All maps share one scale, so that a map without activations stays black: black is 0 (or the lowest value, if
    some are negative), white the value that one in 200 exceeds. The scale is written above the tiles.
    Args:   values (C, H, W), a layer's output for one image; title, text before the scale.
    Errors: ValueError if values has not three axes or is not finite.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 3 or values.size == 0:
        raise ValueError(f"values must be the maps of one image, (C, H, W), not of shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("values contain NaN or infinity: look for the first layer whose output does")
    black, white = min(0.0, values.min()), np.quantile(values, 0.995)
    if white <= black:  # nearly all activations are 0: scale by the largest, so that the others show
        white = values.max()
    scaled = np.clip((values - black) / ((white - black) or 1), 0, 1)
    tiles = np.rint(255 * scaled).astype(np.uint8)[..., None].repeat(3, axis=-1)
    scale = f"black {black:.3g}, white {white:.3g}"
    figure = tile_figure(tiles, title=f"{title} ({scale})" if title else scale)
    figure.alt = f"{title or 'Feature maps'}: {len(tiles)} maps of {tiles.shape[1]} x {tiles.shape[2]}, {scale}"
    return figure

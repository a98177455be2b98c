"""The kernels of the first layer as pictures (Figure 3 of the paper)."""

import numpy as np
from matplotlib.figure import Figure

from minialex.plots.tiles import tile_figure


def filters(W: np.ndarray, *, group_size: int | None = None, title: str = "") -> Figure:
    """Draw a layer's kernels as a grid of colour tiles, in order, each scaled to its own largest weight.

    A weight of 0 is mid-grey; brighter is positive, darker negative. Three input channels are red, green and
    blue; any other number of channels is shown in grey, as their mean.
    Args:   W (C_out, C_in, K, K); group_size, kernels a group (48 in the paper), to separate groups a, b, ...; title,
            above it.
    Errors: ValueError if W has not four axes, is not finite, or does not split into groups of group_size.
    """
    W = np.asarray(W, dtype=float)
    if W.ndim != 4 or W.size == 0:
        raise ValueError(f"W must be kernels of shape (C_out, C_in, K, K), not an array of shape {W.shape}")
    if not np.isfinite(W).all():
        raise ValueError("W contains NaN or infinity: the training that made it diverged")
    count = len(W)
    if group_size is not None and (group_size < 1 or count % group_size or count // group_size > 26):
        raise ValueError(f"group_size must divide {count} kernels into 1 to 26 equal groups, not be {group_size}")
    figure = tile_figure(colours(W), group_size=group_size, title=title)
    figure.alt = f"{title or 'Kernels'}: {count} kernels of {W.shape[2]} x {W.shape[3]} pixels as small pictures"
    return figure


def colours(W: np.ndarray) -> np.ndarray:
    """Return kernels (N, C, K, K) as uint8 tiles (N, K, K, 3); 128 is weight 0."""
    if W.shape[1] != 3:
        W = W.mean(axis=1, keepdims=True).repeat(3, axis=1)
    largest = abs(W).max(axis=(1, 2, 3), keepdims=True)
    scaled = W / np.where(largest > 0, largest, 1)  # -1 to 1
    return np.rint(128 + 127 * scaled).astype(np.uint8).transpose(0, 2, 3, 1)

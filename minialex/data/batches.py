"""Batches: the images as a net reads them, some at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minialex.data.dataset import Split, check_count
from minialex.data.preprocessing import subtract_mean


def batches(
    split: Split, size: int, *, mean: np.ndarray, rng: np.random.Generator | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """One epoch: every image once, minus the mean image; the last batch may be smaller.

    Shapes: pairs of float32 (n, 3, H, W) and int64 (n,), n <= size.
    Args:   mean, of the training images (`mean_image`); rng, draws a new random order at each call; None keeps the
            order of the split.
    Errors: ValueError if size is below 1, rng is no Generator or the mean has another size, at the call.
    """
    check_count(size, "batch size")
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng: expected a numpy.random.Generator or None, got {rng!r}; pass numpy.random.default_rng(0)"
        )
    subtract_mean(split.images[:1], mean)  # its check, now rather than at the first batch
    return generate(split, size, mean, None if rng is None else rng.permutation(len(split)))


def generate(split: Split, size: int, mean: np.ndarray, order: np.ndarray | None) -> Iterator:
    """The batches, in this order of places (None: as they are)."""
    for start in range(0, len(split), size):
        places = slice(start, start + size) if order is None else order[start : start + size]
        yield subtract_mean(split.images[places], mean), np.array(split.labels[places])

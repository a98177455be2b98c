"""Checks of what a net is given: images, the mean that is subtracted from them, the deviation that divides them."""

import numpy as np

from minialex.checks import described, expected
from minialex.data.shards import Shards


def check_images(images: np.ndarray | Shards) -> None:
    """Check that this is a batch of at least one image."""
    if not hasattr(images, "dtype") or images.ndim != 4 or len(images) == 0:
        raise expected("images", "(N, C, H, W) with N >= 1", described(images), "give a batch of images")


def check_mean(images: np.ndarray | Shards, mean: np.ndarray) -> None:
    """Check that the mean is one image of this size, or one number a channel."""
    check_images(images)
    fits = np.shape(mean) in (images.shape[1:], (images.shape[1], 1, 1))
    if not fits or not is_finite(mean):
        got, advice = "nan, inf or text" if fits else np.shape(mean), "take mean_image of training images of this size"
        raise expected("mean", f"{images.shape[1:]}, one image", got, advice)


def check_std(images: np.ndarray | Shards, std) -> None:
    """Check that the standard deviation is positive and finite, and one number or one a channel."""
    if np.shape(std) not in ((), (images.shape[1], 1, 1)) or not is_finite(std) or not np.all(np.asarray(std) > 0):
        got = f"{np.shape(std)}, least {np.min(std):g}" if is_finite(std) and np.size(std) else f"{std!r:.50}"
        raise expected("std", f"positive numbers {(images.shape[1], 1, 1)}", got, "take channel_statistics")


def is_finite(values) -> bool:
    """Tell whether these are finite numbers."""
    return np.asarray(values).dtype.kind in "fiu" and bool(np.all(np.isfinite(values)))

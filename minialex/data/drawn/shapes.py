"""The drawn set: striped outlines, ten classes, as many images as one likes and nothing to download.

No one clue is enough. Red and blue discs differ by colour alone, discs and triangles by outline alone, level and
upright stripes by orientation alone: a net has to find all three, as the kernels of Figure 3 do. Where the stripes
begin is random, so that they cancel in the mean of a class and a linear classifier fails.
"""

import numpy as np

from minialex.data.dataset import Dataset, Split, check_count
from minialex.data.drawn.drawing import Kind, draw

KINDS = (
    Kind("red",   "disc",     "level"),
    Kind("red",   "disc",     "upright"),
    Kind("red",   "triangle", "level"),
    Kind("red",   "triangle", "upright"),
    Kind("blue",  "disc",     "level"),
    Kind("blue",  "disc",     "upright"),
    Kind("blue",  "triangle", "level"),
    Kind("blue",  "triangle", "upright"),
    Kind("green", "square",   "rising"),
    Kind("green", "square",   "falling"),
)  # fmt: skip
CLASSES = tuple(f"{kind.colour} {kind.outline}, {kind.stripes}" for kind in KINDS)
SPLITS = ("train", "val")


def shapes(count: int, size: int = 32, *, seed: int, split: str = "train") -> Split:
    """Draws `count` images.

    Image i is decided by seed, split, i and size alone, so that a smaller set is the beginning of a larger one; its
    class is i % 10, so that every beginning is balanced.

    Shapes: images (count, 3, size, size), labels (count,).
    Args:   split, "train" or "val": two sets without a common image.
    Errors: ValueError if count is below 1, size below 8 (no room for stripes), seed below 0 or split another.
    """
    check_count(count, "count")
    check_count(size, "image_size")
    if size < 8:
        raise ValueError(f"image_size: expected at least 8 pixels, to show stripes, got {size}; enlarge it")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed: expected a whole number from 0, got {seed!r}; change seed")
    if split not in SPLITS:
        raise ValueError(f"split: expected train or val, got {split!r}; choose one of them")
    images = np.empty((count, 3, size, size), dtype=np.uint8)
    step = max(1, 2**16 // size**2)  # so few at a time that they stay in the cache
    for start in range(0, count, step):
        numbers = range(start, min(start + step, count))
        kinds = [KINDS[number % len(KINDS)] for number in numbers]
        rngs = [np.random.default_rng((seed, SPLITS.index(split), number)) for number in numbers]
        images[start : numbers.stop] = draw(kinds, rngs, size)
    return Split(images, np.arange(count) % len(KINDS))


def load_shapes(count: int | None, size: int | None, *, seed: int, limit: int | None) -> Dataset:
    """5,000 training images (or `count`) and 1,000 validation images, at most `limit` of each."""
    numbers = (min(n, limit or n) for n in (count or 5000, 1000))
    train, val = (shapes(n, size or 32, seed=seed, split=split) for n, split in zip(numbers, SPLITS, strict=True))
    return Dataset("shapes", CLASSES, train, val)

"""The drawn dataset: striped outlines in ten classes, any number of images and nothing to download.

No single feature is enough. Red and blue discs differ by colour alone, discs and triangles by outline alone, level and
upright stripes by orientation alone: a net has to detect all three, as the kernels of Figure 3 do. The phase of the
stripes is random, so that they cancel in the mean of a class and a linear classifier fails.
"""

import numpy as np

from minialex.checks import check_integers, expected
from minialex.data.dataset import Dataset
from minialex.data.drawn.drawing import Kind, choose_look, corners, draw_images
from minialex.data.split import Split

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
    """Draw `count` images.

    Image i depends on seed, split, i and size alone, so that a smaller set is the beginning of a larger one; its class
    is i % 10, so that every beginning is balanced.

    Shapes: images (count, 3, size, size), labels (count,).
    Args:   split, "train" or "val": two sets without a common image.
    Errors: ValueError if count is below 1, size below 8 (no room for stripes), seed below 0 or split another.
    """
    check_integers("shapes", count=count, image_size=size)
    check_integers("shapes", 0, seed=seed)
    if size < 8:
        raise expected("shapes", "image_size of at least 8 pixels, to show stripes", size, "enlarge it")
    if split not in SPLITS:
        raise expected("split", "train or val", repr(split), "choose one of them")
    images = np.empty((count, 3, size, size), dtype=np.uint8)
    step = max(1, 2**16 // size**2)  # images at a time: they stay in the cache
    for start in range(0, count, step):
        numbers = range(start, min(start + step, count))
        kinds, rngs = zip(*(begun(number, seed, split) for number in numbers), strict=True)
        images[start : numbers.stop] = draw_images(kinds, rngs, size)
    return Split(images, np.arange(count) % len(KINDS))


def shapes_with_boxes(count: int, size: int = 32, *, seed: int, split: str = "train") -> tuple[Split, np.ndarray]:
    """Draw the same images, and return the box around each shape too, to train a net that locates it.

    Shapes: boxes float32 (count, 4), left, top, right and bottom: fractions of the side, clipped to the image.
    Args, Errors: as `shapes`.
    """
    drawn = shapes(count, size, seed=seed, split=split)
    boxes = np.empty((count, 4), dtype=np.float32)
    for number, box in enumerate(boxes):
        kind, rng = begun(number, seed, split)
        points = np.array(corners(kind, choose_look(rng)))
        box[:2], box[2:] = points.min(axis=0), points.max(axis=0)
    return drawn, boxes.clip(0, 1)


def begun(number: int, seed: int, split: str) -> tuple[Kind, np.random.Generator]:
    """Return the kind of image `number`, and the generator that draws it."""
    return KINDS[number % len(KINDS)], np.random.default_rng((seed, SPLITS.index(split), number))


def load_shapes(count: int | None, size: int | None, *, seed: int, limit: int | None) -> Dataset:
    """Return 5,000 training images (or `count`) and 1,000 validation images, at most `limit` of each."""
    numbers = (min(n, limit or n) for n in (count or 5000, 1000))
    train, val = (shapes(n, size or 32, seed=seed, split=split) for n, split in zip(numbers, SPLITS, strict=True))
    return Dataset("shapes", CLASSES, train, val)

"""A dataset's description as text."""

import textwrap

import numpy as np

from minialex.checks import abridged
from minialex.data.dataset import Dataset, Split

INDENT, WIDTH = 13, 100  # the column of the values, and the longest line


def describe(dataset: Dataset) -> str:
    """Return the dataset's classes, counts, image size and mean colour, and the files that could not be read."""
    height, width = dataset.train.images.shape[2:]
    red, green, blue = dataset.mean_image().mean(axis=(1, 2))
    rows = {
        "data": dataset.name,
        "classes": abridged(dataset.classes, 20),
        "training": counts(dataset.train, len(dataset.classes)),
        "validation": counts(dataset.val, len(dataset.classes)),
        "image size": f"{height} x {width} pixels",
        "mean colour": f"red {red:.1f}, green {green:.1f}, blue {blue:.1f}, of 255",
    }
    if dataset.unreadable:
        rows["unreadable"] = abridged(dataset.unreadable, 5)
    lines = (f"{name:<{INDENT}}{value}" for name, value in rows.items())
    wrap = textwrap.TextWrapper(WIDTH, subsequent_indent=" " * INDENT, break_on_hyphens=False, break_long_words=False)
    return "\n".join(map(wrap.fill, lines))  # file names are not broken, so that they can be copied


def counts(split: Split, classes: int) -> str:
    """Return the number of images, and the smallest and largest number of a class, as text."""
    per_class = np.bincount(split.labels, minlength=classes)
    fewest, most = per_class.min(), per_class.max()
    share = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return f"{len(split):,} images, {share} in each class"

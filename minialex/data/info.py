"""What a dataset holds, in a few lines."""

import textwrap

import numpy as np

from minialex.data.dataset import Dataset, Split
from minialex.data.prepared.prepared import mean_of

INDENT, WIDTH = 13, 100  # where the values begin, and where their lines end


def describe(dataset: Dataset) -> str:
    """The dataset's classes, counts, image size and mean colour, and the files that could not be read."""
    height, width = dataset.train.images.shape[2:]
    red, green, blue = mean_of(dataset).mean(axis=(1, 2))
    rows = {
        "data": dataset.name,
        "classes": first_of(dataset.classes, 20),
        "training": count(dataset.train, len(dataset.classes)),
        "validation": count(dataset.val, len(dataset.classes)),
        "image size": f"{height} x {width} pixels",
        "mean colour": f"red {red:.1f}, green {green:.1f}, blue {blue:.1f}, of 255",
    }
    if dataset.unreadable:
        rows["unreadable"] = first_of(dataset.unreadable, 5)
    lines = (f"{name:<{INDENT}}{value}" for name, value in rows.items())
    wrap = textwrap.TextWrapper(WIDTH, subsequent_indent=" " * INDENT, break_on_hyphens=False, break_long_words=False)
    return "\n".join(map(wrap.fill, lines))  # file names stay whole, to be copied


def count(split: Split, classes: int) -> str:
    """How many images there are, and how evenly the classes share them."""
    per_class = np.bincount(split.labels, minlength=classes)
    fewest, most = per_class.min(), per_class.max()
    share = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return f"{len(split):,} images, {share} in each class"


def first_of(names: tuple[str, ...], n: int) -> str:
    """How many names there are, and the first n of them."""
    more = f"; and {len(names) - n:,} more" if len(names) > n else ""
    return f"{len(names):,}: {'; '.join(names[:n])}{more}"

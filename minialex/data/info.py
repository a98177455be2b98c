"""A dataset's description as text."""

import textwrap

import numpy as np

from minialex.checks import abridged
from minialex.data.dataset import Dataset
from minialex.data.split import Split

INDENT, WIDTH = 13, 100  # the column of the values, and the longest line


def describe(dataset: Dataset, originals: str | None = None) -> str:
    """Return the dataset's classes, counts, image size and mean colour, and the files that could not be read.

    Args:   originals, the sizes of the image files as text, if these are others than those of the images here.
    """
    rows = {
        "data": dataset.name,
        "classes": abridged(dataset.classes, 20),
        "training": counts(dataset.train, len(dataset.classes)),
        "validation": counts(dataset.val, len(dataset.classes)),
        "originals": originals or "",
        "image size": size_text(dataset, originals is not None),
        **mean_row(dataset),
    }
    if dataset.unreadable:
        rows["unreadable"] = abridged(dataset.unreadable, 5)
    lines = (f"{name:<{INDENT}}{value}" for name, value in rows.items() if value)
    wrap = textwrap.TextWrapper(WIDTH, subsequent_indent=" " * INDENT, break_on_hyphens=False, break_long_words=False)
    return "\n".join(map(wrap.fill, lines))  # file names are not broken, so that they can be copied


def size_text(dataset: Dataset, rescaled: bool) -> str:
    """Return the size of the images, and the number of their channels where it is not 3, as text."""
    height, width = dataset.train.images.shape[2:]
    channels = {1: ", 1 channel", 3: ""}.get(dataset.channels, f", {dataset.channels} channels")
    advice = "; minialex train takes its model's size, or --image-size" if rescaled else ""
    return f"{height} x {width} pixels{channels}{advice}"


def mean_row(dataset: Dataset) -> dict[str, str]:
    """Return the mean of each channel as text, under the name of its row."""
    means, images = dataset.mean_image().mean(axis=(1, 2)), dataset.train.images
    scale, number = (", of 255", ".1f") if images.dtype == np.uint8 else (f", in {images.dtype}", ".3g")
    if dataset.channels == 3:
        pairs = zip(("red", "green", "blue"), means, strict=True)
        return {"mean colour": ", ".join(f"{name} {mean:{number}}" for name, mean in pairs) + scale}
    return {"mean level": ", ".join(f"{mean:{number}}" for mean in means) + scale}


def counts(split: Split, classes: int) -> str:
    """Return the number of images, and the smallest and largest number of a class, as text."""
    per_class = np.bincount(split.labels, minlength=classes)
    fewest, most = per_class.min(), per_class.max()
    share = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return f"{len(split):,} images, {share} in each class"

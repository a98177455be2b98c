"""What an experiment is run with."""

from pathlib import Path
from typing import NamedTuple

from minialex.data import Dataset, Split, load

IMAGE_SIZE = 32
VAL_LIMIT = 5000  # validation images at most: a difference of 0.5 points is 25 images


class Settings(NamedTuple):
    """The folder for the results; the images; how many of them, how long and how often each net is trained."""

    out: Path
    data: str
    limit: int | None  # training images; None: all
    epochs: int
    seeds: int
    name: str = "experiment"

    def as_dict(self) -> dict:
        """Return what results depend on: with more seeds an experiment continues."""
        return {"experiment": self.name, "data": self.data, "limit": self.limit, "epochs": self.epochs}

    def dataset(self) -> Dataset:
        """Load the images: all of those for training, of which each seed draws its own, and at most 5,000 others."""
        dataset = load(self.data, image_size=IMAGE_SIZE)
        return Dataset(dataset.name, dataset.classes, in_memory(dataset.train), in_memory(dataset.val.limit(VAL_LIMIT)))


def in_memory(split: Split) -> Split:
    """Return the split with its images in one array, so that every training reads them from memory."""
    return Split(split.images[:], split.labels)

"""Batches without end: what the net is fed while the speed of loading is measured."""

from collections.abc import Iterator
from itertools import count

import numpy as np

from minialex.data import Augmentation, Prepared, Split, batches
from minialex.data.augmentation import augmentation
from minialex.presets import AUGMENT


class Loader:
    """Endless batches of a prepared set, augmented as in the paper."""

    def __init__(self, dataset: Prepared, size: int, batch: int):
        self.dataset, self.size, self.batch = dataset, size, batch
        self.augment: Augmentation = augmentation(
            AUGMENT, size=size, seed=0, colour="paper", components=dataset.colour_components
        )

    def __iter__(self) -> Iterator:
        train = self.dataset.train
        full = train if len(train) >= self.batch else repeated(train, self.batch)
        for number in count(1):
            epoch = self.augment.epoch(number, len(full))
            rng = np.random.default_rng(number)
            for images, labels in batches(full, self.batch, mean=self.dataset.mean, rng=rng, draws=epoch):
                if len(labels) == self.batch:  # a smaller last batch would make a shorter step
                    yield images, labels


def repeated(split: Split, least: int) -> Split:
    """Return the images, repeated until there are enough for a batch."""
    return split.take(np.arange(least) % len(split))

"""Parts of a dataset for experiments: some of its classes, a few images of each."""

from collections.abc import Sequence

import numpy as np

from minialex.data import Dataset, Split


def of_classes(dataset: Dataset, classes: Sequence[int]) -> Dataset:
    """Return the images of some classes, which are numbered anew."""

    def of(split: Split) -> Split:
        split = split.take(np.flatnonzero(np.isin(split.labels, classes)))
        return Split(split.images[:], np.searchsorted(classes, split.labels))

    return Dataset(dataset.name, tuple(dataset.classes[k] for k in classes), of(dataset.train), of(dataset.val))


def few_of_each(split: Split, n: int, rng: np.random.Generator) -> Split:
    """Return n images of each class, drawn at random."""
    return split.take(rng.permutation(len(split))).limit(n * len(np.unique(split.labels)))

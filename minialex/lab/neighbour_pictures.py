"""The pictures of Figure 4: most probable labels of test images, and the training images nearest to them."""

import numpy as np

from minialex.data import Dataset
from minialex.lab.frame.entry import drawn
from minialex.lab.frame.settings import Settings
from minialex.lab.neighbour_counts import PIXELS, QUERIES


def draw(settings: Settings, dataset: Dataset, kept: dict) -> None:
    """Draw both halves of Figure 4."""
    from minialex import plots  # late: matplotlib takes half a second

    queries = dataset.val.limit(QUERIES).take(np.array(kept["queries"]))
    train, images = drawn(dataset.train, settings.limit, kept["seed"]), queries.images[:]
    columns = {}
    for space, rows in kept["spaces"].items():
        of = [train.take(np.array(row)) for row in rows]
        same = np.stack([split.labels == label for split, label in zip(of, queries.labels, strict=True)])
        name = f"nearest in {'pixels' if space == PIXELS else 'the features'}"
        columns[name] = np.stack([split.images[:] for split in of]), same
    plots.save(plots.neighbours(images, columns), settings.out / "neighbours.png")
    five = plots.predictions(images, np.array(kept["p"]), dataset.classes, queries.labels.tolist())
    plots.save(five, settings.out / "predictions.png")

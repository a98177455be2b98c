"""How many of the nearest training images are of an image's class, and how far away they are in pixels."""

from collections.abc import Sequence

import numpy as np

from minialex.data import Split
from minialex.lab.frame.tables import markdown, mean_and_error
from minialex.training import nearest

K = 6  # neighbours, as in Figure 4
PIXELS = "pixels"
QUERIES = 500  # images whose neighbours are looked for


class Neighbours:
    """The nearest images of `train` to each image of `queries`, in several spaces, and what is counted of them.

    Args:   train, the images that are searched; queries, those whose neighbours are looked for.
    """

    def __init__(self, train: Split, queries: Split):
        self.train, self.queries = train, queries
        self.keys, self.pixels = (split.images[:].reshape(len(split), -1) for split in (train, queries))
        self.indices: dict[str, np.ndarray] = {}
        self.rows: dict[str, dict[str, float]] = {}
        self.add(PIXELS, self.pixels, self.keys)

    def add(self, name: str, queries: np.ndarray, keys: np.ndarray) -> None:
        """Find the neighbours in a space, (Q, F) and (N, F), and count."""
        indices = self.indices[name] = nearest(queries, keys, K)
        nearest_pixels = self.pixel_distances(self.indices[PIXELS])
        self.rows[name] = counts(self.train.labels[indices], self.queries.labels) | {
            "distance": float(np.mean(self.pixel_distances(indices).mean(axis=1) / nearest_pixels.mean(axis=1)))
        }

    def pixel_distances(self, indices: np.ndarray) -> np.ndarray:
        """Return the Euclidean distances in pixels of each query to its neighbours, (Q, K)."""
        one_by_one = zip(self.pixels, indices, strict=True)
        return np.stack([np.linalg.norm(self.keys[row].astype(np.float64) - x, axis=1) for x, row in one_by_one])


def counts(found: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return the share of neighbours, of first neighbours and of votes that have the image's class.

    Shapes: found (Q, k), the classes of the neighbours, the nearest first; labels (Q,). Of classes with equal votes
            the one of the nearer neighbours wins.
    """
    same = found == labels[:, None]
    votes = np.zeros((len(found), int(max(found.max(), labels.max())) + 1))
    for rank in range(found.shape[1]):
        votes[np.arange(len(found)), found[:, rank]] += 1 + 0.01 * 0.5**rank
    vote = np.argmax(votes, axis=1) == labels
    return {"same": float(same.mean()), "first": float(same[:, 0].mean()), "vote": float(vote.mean())}


def counts_table(seeds: Sequence[dict[str, dict[str, float]]], besides: str = "") -> str:
    """Return a line for each space: means over the seeds, with standard errors."""
    head = ["neighbours in", f"same class among the {K}", "the nearest", "vote right", "distance in pixels"]
    lines = []
    for name, first in seeds[0].items():
        keys = ("same", "first", "vote", *(("error",) if "error" in first else ()))
        shares = [mean_and_error([100 * rows[name][key] for rows in seeds]) for key in keys]
        distance = mean_and_error([rows[name]["distance"] for rows in seeds])
        lines.append([name, *shares[:3], distance, *(shares[3:] or [""])])
    head.append("the net's error")
    note = "In percent; distances in pixels against those of the pixels' own neighbours"
    return f"{note}; seeds: {len(seeds)}{besides}\n\n{markdown(head, lines)}"

"""Averages of softmax outputs: of several views of an image (section 4.1), or of several nets (Table 2)."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from minialex.data import Dataset, Split
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.trained_nets import of_seeds
from minialex.sequential import Sequential
from minialex.training.evaluate import judged


def outputs_of_seeds(
    results: Results, entry: Entry, dataset: Dataset, settings: Settings, lr: float,
    outputs: Callable[[Sequential, Split], np.ndarray],
) -> list[np.ndarray]:  # fmt: skip
    """Train a net with each seed; return its outputs for the validation images, without nets that diverged."""

    def one(seed: int) -> dict[str, np.ndarray]:
        net, *_ = entry.train(dataset, lr=lr, epochs=settings.epochs, seed=seed, limit=settings.limit)
        return {"p": outputs(net.eval(), dataset.val)}

    return [arrays["p"] for arrays in of_seeds(settings, lr, results.arrays, one)]


def errors_of(p: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return top-1 error, top-5 error and mean of -log p(label) of probabilities (N, C)."""
    errors, _ = judged([(p, labels)], views=1)
    return {"top1": errors["top1_error"], "top5": errors["top5_error"], "loss": errors["loss"]}


def averaged(p: np.ndarray, members: Sequence[int], labels: np.ndarray) -> dict[str, float]:
    """Return the errors of the mean of some members' probabilities, p (M, N, C)."""
    return errors_of(p[list(members)].mean(axis=0), labels)


def all_choices(p: np.ndarray, k: int, labels: np.ndarray) -> list[dict[str, float]]:
    """Return the errors of every choice of k of the members, p (M, N, C)."""
    return [averaged(p, members, labels) for members in combinations(range(len(p)), k)]

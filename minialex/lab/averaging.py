"""Averages of softmax outputs: of several views of an image (section 4.1), or of several nets (Table 2)."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np


def errors_of(p: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return top-1 error, top-5 error and mean of -log p(label) of probabilities (N, C); ties go to lower classes."""
    of_label = np.take_along_axis(p, labels[:, None], axis=1)
    rank = np.sum((p > of_label) | ((p == of_label) & (np.arange(p.shape[1]) < labels[:, None])), axis=1)
    loss = -np.log(np.maximum(of_label, np.finfo(np.float32).tiny))
    return {"top1": float(np.mean(rank >= 1)), "top5": float(np.mean(rank >= 5)), "loss": float(np.mean(loss))}


def averaged(p: np.ndarray, members: Sequence[int], labels: np.ndarray) -> dict[str, float]:
    """Return the errors of the mean of some members' probabilities, p (M, N, C)."""
    return errors_of(p[list(members)].mean(axis=0), labels)


def all_choices(p: np.ndarray, k: int, labels: np.ndarray) -> list[dict[str, float]]:
    """Return the errors of every choice of k of the members, p (M, N, C)."""
    return [averaged(p, members, labels) for members in combinations(range(len(p)), k)]

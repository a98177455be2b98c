"""Averages of softmax outputs: of several views of an image (section 4.1), or of several nets (Table 2)."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from minialex.training.evaluate import judged


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

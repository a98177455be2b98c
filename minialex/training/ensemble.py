"""Several nets as one: the mean of their softmax outputs (Table 2 of the paper)."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from minialex.checks import check_kinds, expected
from minialex.data import Split
from minialex.layer import Layer
from minialex.training.evaluate import judged, probabilities


def evaluate_mean(
    nets: Sequence[Layer], split: Split, *, batch: int = 128, views: int = 1, crop: int | None = None
) -> dict[str, Any]:
    """Return the errors of several nets' mean softmax output, as `evaluate` does of one, and "each": theirs, in order.

    Each net sees images with the mean and deviation that `fit` has kept with it.

    Args:   batch, views, crop, as of `evaluate`.
    Errors: ValueError for no nets, or for nets of different numbers of classes.
    Source: Table 2, where the mean of five nets has an error of 16.4 % and one of them 18.2 % (top-5).
    """
    check_kinds("evaluate_mean", list | tuple, "pass a list of nets", nets=nets)
    several = (probabilities(net, split, batch=batch, views=views, crop=crop) for net in nets)
    errors, _, each = judge_mean(several, views)
    return {**errors, "each": each}


def judge_mean(several: Iterable[Iterable], views: int) -> tuple[dict[str, float], np.ndarray, list[dict[str, float]]]:
    """Return errors and confusion matrix of the mean of several nets' probabilities, and the errors of each.

    Args:   several, of each net what `probabilities` yields; one net after another computes.
    """
    each: list[dict[str, float]] = []
    for batches in several:
        p, labels = map(np.concatenate, zip(*batches, strict=True))
        if not each:
            total, known = np.zeros_like(p), labels
        if p.shape != total.shape or np.any(labels != known):
            got = f"{p.shape[0]} images of {p.shape[1]} classes" + " in another order" * (p.shape == total.shape)
            what = f"the images and classes of the first net, {total.shape[0]} of {total.shape[1]}"
            raise expected("evaluate_mean", what, got, "use nets and data of the same classes")
        each.append(judged([(p, labels)], views)[0])
        total += p
    if not each:
        raise expected("evaluate_mean", "at least one net", "none", "pass the nets")
    return *judged([(total / len(each), known)], views), each

"""Rows of a comparison with more results than errors: confidence beside accuracy, and the share of clipped steps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minialex.data import Dataset
from minialex.lab.frame.entry import Entry
from minialex.layers import SoftmaxCrossEntropy
from minialex.training import SGD
from minialex.training.evaluate import probabilities
from minialex.training.sgd_variants import clip_gradients

BINS = 15  # of confidence, as in the paper of 2017


@dataclass(frozen=True, kw_only=True)
class CalibratedEntry(Entry):
    """A row whose result has `calibration`'s values too, and of `CountedClipping` the share of steps clipped.

    Args:   smoothing, of the labels in the loss that training minimizes; the others as for `Entry`.
    """

    smoothing: float = 0.0

    def errors(self, dataset: Dataset, **training) -> dict[str, Any]:
        rules = []

        def kept(net, lr: float) -> Any:
            rules.append(self.rule(net, lr))
            return rules[-1]

        result = Entry.errors(replace(self, rule=kept), dataset, loss=SoftmaxCrossEntropy(self.smoothing), **training)
        if "diverged" in result:
            return result
        (rule,) = rules
        clipped = {"clipped": rule.clipped / rule.steps} if isinstance(rule, CountedClipping) else {}
        return result | calibration(probabilities(rule.net, dataset.val)) | clipped


def calibration(outputs: Iterable[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Return how far a net's confidence, its largest probability, is from its accuracy.

        calibration error = sum over bins of (images in it / images) * |accuracy in it - mean confidence in it|

    Args:   outputs, probabilities (n, K) with labels (n,), batch by batch; bins of confidence are equally wide.
    Source: C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On Calibration of Modern Neural Networks" (2017).
    """
    pairs = [(p.max(axis=1), p.argmax(axis=1) == labels) for p, labels in outputs]
    confidence, right = (np.concatenate(column).astype(float) for column in zip(*pairs, strict=True))
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=right - confidence, minlength=BINS)
    return {"confidence": float(confidence.mean()), "calibration_error": float(np.abs(gaps).sum() / len(right))}


class CountedClipping(SGD):
    """The update rule with gradients clipped, which counts its steps and those at which something was clipped."""

    steps = clipped = 0

    def step(self) -> None:
        """Clip and update as `SGD` does."""
        largest = float("inf") if self.clip is None else self.clip
        self.steps += 1
        self.clipped += clip_gradients(self.net, largest) > largest
        self.net.each_parameter(self._update)

"""Finite differences from both sides: of all elements, or of some drawn at random where there are too many."""

from typing import NamedTuple

import numpy as np

from minialex.gradcases import TOLERANCE
from minialex.gradcheck import both_sides
from minialex.tutor.trial import Trial

ELEMENTS = 2000  # of one array; of more, only SAMPLE are differenced, each by two forwards
SAMPLE = 200


class Differences(NamedTuple):
    """The derivative with respect to some elements of an array, from both sides."""

    indices: np.ndarray  # flat indices of these elements
    numeric: np.ndarray  # central differences, one a element
    kink: np.ndarray  # whether the derivatives from the left and from the right differ there

    def of(self, array: np.ndarray) -> np.ndarray:
        """Return these elements of an array."""
        return np.array(array).reshape(-1)[self.indices]


def chosen(size: int, rng: np.random.Generator) -> np.ndarray:
    """Return the flat indices of the elements to difference."""
    return np.arange(size) if size <= ELEMENTS else np.sort(rng.choice(size, SAMPLE, replace=False))


def differences(trial: Trial, dy: np.ndarray, variable, indices: np.ndarray, eps: float = 1e-6) -> Differences:
    """Return the derivatives of <dy, y> with respect to elements of a variable: x or a parameter of the trial."""
    middle = trial.value()
    sides = np.empty((2, len(indices)))
    for i, flat in enumerate(indices):
        index = tuple(map(int, np.unravel_index(flat, variable.shape)))
        below, above = both_sides(trial.value, variable, index, eps)
        sides[:, i] = np.sum(dy * (middle - below)) / eps, np.sum(dy * (above - middle)) / eps
    left, right = sides
    largest = np.max(np.abs(sides), initial=1e-300)
    return Differences(indices, (left + right) / 2, np.abs(right - left) > 1e-3 * largest)


def relative_error(ours: np.ndarray, numeric: np.ndarray) -> float:
    """Return the largest difference relative to the largest element; nan if anything is."""
    with np.errstate(invalid="ignore"):
        scale = max(np.max(np.abs(ours)), np.max(np.abs(numeric)))
        return float(np.max(np.abs(ours - numeric)) / scale) if scale != 0 else 0.0


def best_differences(trial: Trial, dy: np.ndarray, variable, indices: np.ndarray, ours) -> Differences:
    """Return the differences; where they disagree with `ours`, those of a larger eps if these agree.

    A large y and a small gradient lose digits at a small eps: a right gradient must not be called wrong for it.
    """
    got = differences(trial, dy, variable, indices)
    if ours is None or np.shape(ours) != variable.shape:
        return got
    if not relative_error(got.of(ours), got.numeric) <= TOLERANCE and not np.any(got.kink):
        for eps in (1e-5, 1e-4):
            other = differences(trial, dy, variable, indices, eps)
            if relative_error(other.of(ours), other.numeric) <= TOLERANCE:
                return other
    return got

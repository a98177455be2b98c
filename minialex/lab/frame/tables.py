"""Tables of results: means over the seeds, standard errors, paired differences."""

from collections.abc import Sequence
from math import sqrt

import numpy as np


def mean_and_error(values: Sequence[float] | np.ndarray, *, signed: bool = False) -> str:
    """Return the mean and its standard error, s / sqrt(n), as text; of one value the value alone."""
    values = np.asarray(values, dtype=float)
    mean = f"{values.mean():+.2f}" if signed else f"{values.mean():.2f}"
    return mean if len(values) == 1 else f"{mean} ± {values.std(ddof=1) / sqrt(len(values)):.2f}"


def seeds_needed(difference: float, deviation: float) -> int:
    """Return how many seeds of each net show a difference as two standard errors: n = 8 (s / d)^2."""
    return max(1, round(8 * (deviation / difference) ** 2))


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

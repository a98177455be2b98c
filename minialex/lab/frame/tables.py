"""Tables of results: means over the seeds, standard errors, paired differences."""

from collections.abc import Sequence
from math import sqrt

import numpy as np


def mean_and_error(values: Sequence[float] | np.ndarray, *, signed: bool = False) -> str:
    """Return the mean and its standard error, s / sqrt(n), as text; of one value the value alone."""
    values = np.asarray(values, dtype=float)
    mean = f"{values.mean():+.2f}" if signed else f"{values.mean():.2f}"
    return mean if len(values) == 1 else f"{mean} ± {values.std(ddof=1) / sqrt(len(values)):.2f}"


def mean_of_reached(values: Sequence[float | None], never: str) -> str:
    """Return the mean of the values that are not None, and how many there are if not all; `never` if there is none."""
    reached = [value for value in values if value is not None]
    if not reached:
        return never
    return mean_and_error(reached) + (f" ({len(reached)} of {len(values)} seeds)" if len(reached) < len(values) else "")


def diverged(some: int, seeds: int) -> str:
    """Return how many trainings of how many seeds diverged, as text; nothing where none did."""
    return f" ({some} of {seeds} diverged)" if some else ""


def seeds_needed(differences: Sequence[float] | np.ndarray, claimed: float) -> str:
    """Return how many seeds would show a claimed difference as two standard errors, n = 4 s^2 / claimed^2, as text.

    Args:   differences, paired by seed, whose deviation s is measured; three at least.
    """
    if len(differences) < 3:
        return ""
    return f"{max(3, np.ceil(4 * np.var(differences, ddof=1) / claimed**2)):.0f}"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

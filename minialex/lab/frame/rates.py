"""The search for a rate: a comparison at one rate for all nets would measure the rate."""

from collections.abc import Callable

GRID = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # a factor of about 3 apart


def best_rate(error_at: Callable[[float], float], start: float = 0.01) -> float:
    """Return the rate of the grid with the smallest error: both of its neighbours are known to be worse.

    The walk begins at `start` and its neighbours and follows the smallest error to where it turns, or to an end of the
    grid.
    """
    at, errors = GRID.index(start), {}
    while True:
        near = [i for i in (at - 1, at, at + 1) if 0 <= i < len(GRID)]
        for i in near:
            if i not in errors:
                errors[i] = error_at(GRID[i])
        best = min(near, key=lambda i: (errors[i], abs(i - at)))
        if best == at:
            return GRID[at]
        at = best

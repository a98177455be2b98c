"""The search for a rate: a comparison at one rate for all nets would measure the rate."""

from collections.abc import Callable, Sequence

GRID = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # a factor of about 3 apart


def best_rate(
    error_at: Callable[[float], float], start: float = 0.01, *, grid: Sequence[float] | None = None, margin: int = 1
) -> float:
    """Return the rate of the grid with the smallest error: both of its neighbours are known to be worse.

    The walk begins at `start` and its neighbours and follows the smallest error to where it turns, or to an end of the
    grid.

    Args:   error_at, of a rate; nearer rates are asked first; grid, ascending (None: GRID); margin, how many rates on
            each side must be worse.
    """
    rates = GRID if grid is None else grid
    at, errors = rates.index(start), {}
    while True:
        near = [i for i in sorted(range(len(rates)), key=lambda i: abs(i - at)) if abs(i - at) <= margin]
        for i in near:
            if i not in errors:
                errors[i] = error_at(rates[i])
        best = min(near, key=lambda i: (errors[i], abs(i - at)))
        if best == at:
            return rates[at]
        at = best

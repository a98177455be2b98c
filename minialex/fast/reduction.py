"""Sums over what workers computed apart, the same bits in every run."""

from collections.abc import Callable

import numpy as np

from minialex.devices import Device


def ordered_sum(device: Device, work: Callable[[int, int], np.ndarray], n: int) -> np.ndarray:
    """Return the sum of `work(start, stop)` over the workers' ranges of 0..n, in the order of the ranges.

    Addition of floats is not associative: summed in the order in which the workers finish, the last bits of a gradient
    would depend on timing, and two runs of the same training would drift apart. Each worker has a sum of its own, since
    several that add to one array would be a race.
    """
    sums: dict[int, np.ndarray] = {}

    def keep(start: int, stop: int) -> None:
        sums[start] = work(start, stop)

    device.share(keep, n)
    return np.sum([sums[start] for start in sorted(sums)], axis=0)

"""Schedules that change the rate at every step: variants, not in AlexNet, whose rate changes between epochs.

A schedule by step is a function of (step, steps): the steps already taken and those of the whole training. So a run
that is resumed has the same rates as one that was never interrupted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import cos, pi, sqrt

from minialex.checks import check_integers, check_numbers


class ByStep:
    """The base of schedules by step: `fit` calls `at` before every step."""

    def at(self, step: int, steps: int) -> float:
        """Return the factor of the rate after `step` of `steps` steps."""
        raise NotImplementedError(f"{type(self).__name__} does not define at")

    def __call__(self, errors) -> float:
        """Return the factor between epochs, which is left to `at`."""
        return 1.0


@dataclass(frozen=True)
class EverySteps(ByStep):
    """A schedule that divides the rate by 10 after every n steps.

    Source: Caffe's `bvlc_alexnet/solver.prototxt` does so every 100,000 steps.
    """

    n: int

    def __post_init__(self) -> None:
        check_integers("EverySteps", n=self.n)

    def at(self, step: int, steps: int) -> float:
        return 0.1 ** (step // self.n)


@dataclass(frozen=True)
class InverseSqrt(ByStep):
    """A schedule that divides the rate by the square root of the step: 1 / sqrt(1 + step / scale).

    Args:   scale, the steps after which the rate has fallen to 0.71 of the first.
    """

    scale: int = 1

    def __post_init__(self) -> None:
        check_integers("InverseSqrt", scale=self.scale)

    def at(self, step: int, steps: int) -> float:
        return 1 / sqrt(1 + step / self.scale)


@dataclass(frozen=True)
class WarmUp(ByStep):
    """A schedule that raises the rate linearly over the first steps, and then follows another one, or stays.

    Args:   over, steps until the full rate; then, a schedule by step of the steps that remain.
    Source: P. Goyal et al., "Accurate, Large Minibatch SGD" (2017).
    """

    over: int
    then: ByStep | None = None

    def __post_init__(self) -> None:
        check_integers("WarmUp", over=self.over)

    def at(self, step: int, steps: int) -> float:
        if step < self.over:
            return (step + 1) / self.over
        return self.then.at(step - self.over, steps - self.over) if self.then else 1.0


@dataclass(frozen=True)
class OneCycle(ByStep):
    """A schedule that rises from a small rate to the full one and falls to nearly none: one-cycle.

    Args:   rise, the share of all steps on the way up; start, end, the factors at the first and the last step.
    Source: L. Smith and N. Topin, "Super-Convergence" (2017); straight lines, and a cosine with shape="cosine".
    """

    rise: float = 0.3
    start: float = 0.1
    end: float = 0.0
    shape: str = "linear"

    def __post_init__(self) -> None:
        check_numbers("OneCycle", 0, 1, rise=self.rise, start=self.start, end=self.end)
        if self.shape not in ("linear", "cosine"):
            raise ValueError(f'OneCycle: expected shape "linear" or "cosine", got {self.shape!r}; choose one')

    def at(self, step: int, steps: int) -> float:
        top = self.rise * max(1, steps - 1)
        if step < top:
            return self._between(self.start, 1.0, step / top)
        return self._between(1.0, self.end, min(1.0, (step - top) / max(1.0, steps - 1 - top)))

    def _between(self, first: float, last: float, share: float) -> float:
        share = (1 - cos(pi * share)) / 2 if self.shape == "cosine" else share
        return first + (last - first) * share


def factors_of(schedule: Callable, errors: Sequence[float], epoch: int, epochs: int, steps: int) -> Iterator[float]:
    """Return the factor of the rate for each step of an epoch (from 1), by either kind of schedule.

    Args:   errors, of the epochs before, which schedules by epoch follow; steps, of an epoch.
    """
    if isinstance(schedule, ByStep):
        first = (epoch - 1) * steps
        return (schedule.at(step, epochs * steps) for step in range(first, first + steps))
    return repeat(schedule(errors), steps)

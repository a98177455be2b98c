"""Schedules of the learning rate.

A schedule is a function of the validation errors so far, so a resumed run has the same rates as one that was never
interrupted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from minialex.checks import check_integers, check_kinds


@dataclass(frozen=True)
class Plateau:
    """A schedule that divides the rate by 10 when the validation error has stopped improving (section 5).

    Args:   patience, epochs without a new best error before the rate is divided; divisions, at most so many
            (three in the paper).
    """

    patience: int = 5
    divisions: int = 3

    def __post_init__(self) -> None:
        check_integers("Plateau", patience=self.patience)
        check_integers("Plateau", 0, divisions=self.divisions)

    def __call__(self, errors: Sequence[float]) -> float:
        """Return the factor of the rate for the next epoch, after epochs with these validation errors."""
        best, waited, divided = float("inf"), 0, 0
        for error in errors:
            waited = 0 if error < best else waited + 1
            best = min(best, error)
            if waited >= self.patience and divided < self.divisions:
                waited, divided = 0, divided + 1
        return 0.1**divided


@dataclass(frozen=True)
class Fixed:
    """A schedule that divides the rate by 10 after each of these epochs; Fixed() never does.

    Source: the 2012 source's configuration #145: after 25, 51 and 79.
    """

    after: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_kinds("Fixed", tuple | list, "write Fixed((25, 51, 79))", after=self.after)
        for epoch in self.after:
            check_integers("Fixed", after=epoch)

    def __call__(self, errors: Sequence[float]) -> float:
        """Return the factor of the rate for the next epoch, after as many epochs as there are errors."""
        return 0.1 ** sum(len(errors) >= epoch for epoch in self.after)

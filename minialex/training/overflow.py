"""Overflow in an update: noticed at once, at a cost that cannot be measured in a step.

Each piece of a parameter is looked at while it is in the cache, right after it was updated.
"""

from collections.abc import Callable
from math import isfinite
from types import ModuleType

from minialex.devices import host


def watched(rule: Callable, name: str, xp: ModuleType, suspects: set[str]) -> Callable:
    """Return an update rule of (w, other arrays ...) that adds the parameter's name if a sum over w is not finite.

    The sum can overflow where w does not; then it is looked at again, element by element (`check_update`). On a GPU,
    for whose sums the host would wait, nothing is looked at: the next step's loss shows it.
    """
    if xp is not host.xp:
        return rule

    def update(w, *others) -> None:
        rule(w, *others)
        if not isfinite(float(xp.sum(w))):
            suspects.add(name)

    return update

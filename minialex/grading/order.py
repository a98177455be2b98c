"""Order: what is to be graded, with which seed and limits; given by `minialex grade`, or by the environment."""

import os
from pathlib import Path
from secrets import randbelow
from typing import NamedTuple, Self

from minialex.checks import expected
from minialex.grading.limits import Limits

SEEDS = 10**6


class Order(NamedTuple):
    """A submission, the seed of all random inputs, the limits of its process, and whether it may print."""

    path: Path
    seed: int
    limits: Limits = Limits()
    show: bool = False

    @classmethod
    def from_environment(cls, name: str) -> Self:
        """Return the order of MINIALEX_SUBMISSION, MINIALEX_SEED and MINIALEX_SECONDS.

        Args:   name, of the assignment: without the first variable NAME.py in the working directory is checked.
        """
        path = Path(os.environ.get("MINIALEX_SUBMISSION", f"{name}.py"))
        if not path.is_file():
            got, advice = f"{path}, which is absent", "set it to the path of a file"
            raise expected("MINIALEX_SUBMISSION", "a Python file", got, advice, FileNotFoundError)
        seed = os.environ.get("MINIALEX_SEED")
        limits = Limits(float(os.environ.get("MINIALEX_SECONDS", Limits().seconds)))
        return cls(path, any_seed() if seed is None else int(seed), limits)


def any_seed() -> int:
    """Return a seed that nobody can foresee."""
    return randbelow(SEEDS)

"""Checking: the verdicts on this library's layers, or on those of a student's file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from minialex.gradcases import CASES, Loss, separated
from minialex.tutor.file import cases
from minialex.tutor.importing import import_file
from minialex.tutor.lesson import Case, verdicts
from minialex.tutor.verdict import Verdict


def check_layers(layer: str | None = None, *, every_setting: bool, seed: int = 0) -> Iterator[Verdict]:
    """Check one layer of this library (None: all of them), in its usual setting or in every one."""
    seen = set()
    for name, setting, shape, make in CASES:
        if layer in (None, name) and (every_setting or name not in seen):
            seen.add(name)
            rng = np.random.default_rng(seed)
            made, x = make(rng), separated(shape, rng)
            loss = (made.head, x, made.labels) if isinstance(made, Loss) else (made, x)
            yield from verdicts(Case(f"{name}, {setting}", *loss), rng)


def check_file(path: Path, *, seed: int = 0) -> Iterator[Verdict]:
    """Check the layers that a student's file builds in `example(rng)`."""
    for case in cases(path, import_file(path), seed):
        yield from verdicts(case, np.random.default_rng(seed + 1))

"""Trained nets for experiments that compare no entries: their rate, their initial state, what seeds give."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from minialex.checks import expected
from minialex.data import Dataset, Split
from minialex.lab.frame.compare import searched, with_held_out
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.sequential import Sequential
from minialex.training import Diverged


def rate_of(
    results: Results, entry: Entry, dataset: Dataset, settings: Settings, *, epochs: int | None = None
) -> float:
    """Return the entry's best rate, judged on held-out training images after so many epochs (None: all) at most."""
    search = settings._replace(epochs=min(settings.epochs, epochs or settings.epochs))
    return searched(results, "net", entry, with_held_out(dataset), search)


def untrained(entry: Entry, dataset: Dataset, train: Split, seed: int) -> Sequential:
    """Build the entry's net as it is before the first step on these images."""
    net = entry.untrained(dataset, np.random.default_rng(seed))
    net.input_mean, net.input_std = entry.inputs(train)
    return net


def of_seeds(settings: Settings, lr: float, keep: Callable, compute: Callable[[int], dict]) -> list[dict[str, Any]]:
    """Return what is computed with each seed, without the seeds whose training diverged.

    Args:   lr, the rate, for the message; keep, `Results.once` or `Results.arrays`; compute, of a seed.
    Errors: Diverged if all did.
    """
    kept = [keep(f"seed {seed}", partial(unless_diverged, compute, seed)) for seed in range(settings.seeds)]
    if not any(kept):
        got = f"none of {settings.seeds}, all diverged at rate {lr:g}"
        raise expected(settings.out, "a training that does not diverge", got, "change --epochs and --out", Diverged)
    return [values for values in kept if values]


def unless_diverged(compute: Callable[[int], dict], seed: int) -> dict:
    """Return what is computed with a seed, or nothing if its training diverges."""
    try:
        return compute(seed)
    except Diverged:
        return {}

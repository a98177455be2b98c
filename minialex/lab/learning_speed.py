"""How fast a net learns: the images it sees until its training error is 25 %, the measure of Figure 1."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf

import numpy as np

from minialex.data import Dataset, Split
from minialex.lab.frame.compare import SEARCH
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.rates import GRID, best_rate
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.sequential import Sequential
from minialex.training import Diverged

LEVEL = 0.25  # the training error of Figure 1
RATES = (*GRID, 3.0, 10.0)  # the sigmoid's is large


def speeds(entries: dict[str, Entry], settings: Settings) -> tuple[dict[str, float], dict[str, list[dict]], int]:
    """Return each entry's own rate, its trainings, one for each seed, and the images of an epoch."""
    results, dataset = Results(settings.out, settings.as_dict()), settings.dataset()
    epoch = min(len(dataset.train), settings.limit or len(dataset.train))
    rates, rows = {}, {}
    for name, entry in entries.items():
        run = partial(trained, results, name, entry, dataset, settings)
        rates[name] = searched(run, settings.epochs * epoch)
        rows[name] = [run(rates[name], seed) for seed in range(settings.seeds)]
    return rates, rows, epoch


def searched(run: Callable[..., dict], longest: int) -> float:
    """Return the rate with the fewest images to 25 %; of nets that never get there, with the smallest loss at the end.

    A training of the search ends where it has seen as many images as the best rate so far has needed.

    Args:   run, trains at a rate, with a seed, until a number of images; longest, the most images that it can see.
    """
    best = inf

    def images_at(lr: float) -> float:
        nonlocal best
        result = run(lr, SEARCH, best)
        if result["images"] is None:
            return inf if result["loss"] is None else longest + result["loss"]
        best = min(best, result["images"])
        return result["images"]

    return best_rate(images_at, grid=RATES)


def trained(
    results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings, lr: float, seed: int,
    most: float = inf,
) -> dict:  # fmt: skip
    """Train once, until 25 % or until `most` images; return the images to 25 %, the errors by epoch and the loss."""
    what = "search" if seed == SEARCH else f"seed {seed}"
    training = {"lr": lr, "epochs": settings.epochs, "seed": seed, "limit": settings.limit}
    return results.once(f"{name}, rate {lr:g}, {what}", lambda: until_level(entry, dataset, most, training))


def until_level(entry: Entry, dataset: Dataset, most: float, training: dict) -> dict:
    """Train until the error while learning is 25 %, or until `most` images."""
    chance = 1 - 1 / len(dataset.classes)

    def watch(net: Sequential, train: Split, history: list[dict]) -> bool:
        return history[-1]["train_error"] <= LEVEL or len(history) * len(train) >= most

    try:
        _, train, history = entry.train(dataset, watch=watch, **training)
    except Diverged:
        return {"images": None, "errors": [chance], "loss": None}
    errors = [row["train_error"] for row in history]
    return {"images": images_to(errors, len(train), chance), "errors": errors, "loss": history[-1]["train_loss"]}


def images_to(errors: Sequence[float], epoch: int, chance: float) -> float | None:
    """Return after how many images the error is 25 %, interpolated; None if it is above at the end.

    The mean error of an epoch counts as that in its middle; before the first step it is that of guessing.
    """
    seen, error = np.append(0.0, middles(errors, epoch)), np.array([chance, *errors])
    below = np.flatnonzero(error <= LEVEL)
    if not below.size:
        return None
    i = max(1, below[0])
    return float(np.interp(LEVEL, error[[i, i - 1]], seen[[i, i - 1]]))


def middles(errors: Sequence[float], epoch: int) -> np.ndarray:
    """Return the images seen in the middle of each epoch."""
    return epoch * (np.arange(len(errors)) + 0.5)

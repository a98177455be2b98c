"""How fast a net learns: the images it sees until its training error is 25 %, the measure of Figure 1."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import NamedTuple

import numpy as np

from minialex.data import Dataset, Split
from minialex.lab.frame.compare import SEARCH, trained_once
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.rates import GRID, best_rate
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.sequential import Sequential
from minialex.training import Diverged

LEVEL = 0.25  # the training error of Figure 1
RATES = (*GRID, 3.0, 10.0)  # the sigmoid's is large


class Speeds(NamedTuple):
    """By entry: its own rate, its trainings, one for each seed, those of the search by rate; the images of an epoch."""

    rates: dict[str, float]
    rows: dict[str, list[dict]]
    searches: dict[str, dict[float, dict]]
    epoch: int


def speeds(entries: dict[str, Entry], settings: Settings) -> Speeds:
    """Search for each entry's own rate, and train it with each seed."""
    results, dataset = Results(settings.out, settings.as_dict()), settings.dataset()
    epoch = min(len(dataset.train), settings.limit or len(dataset.train))
    found = Speeds({}, {}, {}, epoch)
    for name, entry in entries.items():
        run = partial(trained, results, name, entry, dataset, settings)
        found.rates[name], found.searches[name] = searched(run, settings.epochs * epoch)
        found.rows[name] = [run(found.rates[name], seed) for seed in range(settings.seeds)]
    return found


def searched(run: Callable[..., dict], longest: int) -> tuple[float, dict[float, dict]]:
    """Return the rate with the fewest images to 25 %, and every training of the search by its rate.

    Of nets that never get there it is the rate with the smallest loss at the end. Two rates on each side are worse, or
    the grid ends. A training ends where it can no longer need fewer images than the best rate so far.

    Args:   run, trains at a rate, with a seed, until a number of images; longest, the most images that it can see.
    """
    best, runs = inf, {}

    def images_at(lr: float) -> float:
        nonlocal best
        result = runs[lr] = run(lr, SEARCH, best)
        if result["images"] is None:
            return inf if result["loss"] is None else longest + result["loss"]
        best = min(best, result["images"])
        return result["images"]

    return best_rate(images_at, grid=RATES, margin=2), runs


def trained(
    results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings, lr: float, seed: int,
    most: float = inf,
) -> dict:  # fmt: skip
    """Train once, until 25 % or until `most` images; return the images to 25 %, the errors by epoch and the loss."""

    def train(**training) -> dict:
        return until_level(entry, dataset, most, training)

    return trained_once(results, name, settings, lr, seed, train)


def until_level(entry: Entry, dataset: Dataset, most: float, training: dict) -> dict:
    """Train until the error while learning is 25 %, or until the middle of the last epoch is at `most` images."""
    chance = 1 - 1 / len(dataset.classes)

    def watch(net: Sequential, train: Split, history: list[dict]) -> bool:
        return history[-1]["train_error"] <= LEVEL or middles(history, len(train))[-1] >= most

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


def middles(errors: Sequence, epoch: int) -> np.ndarray:
    """Return the images seen in the middle of each epoch."""
    return epoch * (np.arange(len(errors)) + 0.5)

"""A comparison: entries, each at its own rate, with several seeds."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from minialex.data import Dataset
from minialex.files.atomic import write_text
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.errors_table import cost_cells, errors_table, percent
from minialex.lab.frame.rates import best_rate
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import VAL_LIMIT, Settings

SEARCH = 1000  # the seed of the searches for rates: none of those in the table


class Compared(NamedTuple):
    """The rate of each entry, the results of its trainings by seed, and the table."""

    rates: dict[str, float]
    rows: dict[str, list[dict]]
    text: str


def compare(
    entries: dict[str, Entry], settings: Settings, *, costs: bool = False, search_epochs: int | None = None,
    search_from: float = 0.01, dataset: Dataset | None = None, picture: str | None = None,
) -> Compared:  # fmt: skip
    """Train every entry with every seed, keep table and picture; the others are compared with the first entry.

    The rate of each is searched for with a seed of its own, and judged on images that are held out of those for
    training: the validation images are for the table alone.

    Args:   costs, whether the table has parameters, multiply-adds and CPU seconds; search_epochs, of the trainings that
            search for a rate (None: as many as of the others); search_from, the first of these rates; dataset, where it
            is loaded already; picture, its file's name (None: NAME.png).
    """
    results, dataset = Results(settings.out, settings.as_dict()), dataset or settings.dataset()
    held_out, search = with_held_out(dataset), settings._replace(epochs=search_epochs or settings.epochs)
    rates, rows = {}, {}
    for name, entry in entries.items():
        rates[name] = searched(results, name, entry, held_out, search, search_from)
        seeds = range(settings.seeds)
        rows[name] = [trained(results, name, entry, dataset, settings, rates[name], seed) for seed in seeds]
    cells = {name: cost_cells(entry, dataset) for name, entry in entries.items()} if costs else {}
    text = errors_table(entries, rows, rates, cells)
    keep_table(settings, text)
    draw_errors(settings, rows, picture or f"{settings.name}.png")
    return Compared(rates, rows, text)


def with_held_out(dataset: Dataset) -> Dataset:
    """Return the dataset with some training images, a fifth at most, in place of those for validation."""
    train = dataset.train
    order, n = np.random.default_rng(SEARCH).permutation(len(train)), min(VAL_LIMIT, len(train) // 5)
    return Dataset(dataset.name, dataset.classes, train.take(order[n:]), train.take(order[:n]))


def searched(
    results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings, start: float = 0.01
) -> float:
    """Return the entry's best rate on the dataset's validation images; the search begins at `start`."""
    return best_rate(lambda lr: trained(results, name, entry, dataset, settings, lr, SEARCH)["val_error"], start)


def trained(
    results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings, lr: float, seed: int
) -> dict:
    """Return the errors of one training, which is done once."""
    return trained_once(results, name, settings, lr, seed, partial(entry.errors, dataset))


def trained_once(
    results: Results, name: str, settings: Settings, lr: float, seed: int, train: Callable[..., dict]
) -> dict:
    """Return what `train(lr=, epochs=, seed=, limit=)` returns, kept under the entry's name, the rate and the seed.

    With it are the CPU seconds of all threads, which do not depend on what else the machine does, as a clock's do.
    """
    what = "search" if seed == SEARCH else f"seed {seed}"
    run = partial(train, lr=lr, epochs=settings.epochs, seed=seed, limit=settings.limit)
    label = f"{name}, rate {lr:g}, {what}"
    return results.once(label, run) | {"cpu_seconds": results.cpu_seconds[label]}


def keep_table(settings: Settings, text: str) -> None:
    """Write table.md."""
    settings.out.mkdir(parents=True, exist_ok=True)
    write_text(settings.out / "table.md", text + "\n")


def draw_errors(settings: Settings, rows: dict[str, list[dict]], picture: str) -> None:
    """Draw the errors of every training."""
    from minialex.plots import comparison, save  # late: matplotlib takes half a second

    errors = {name: (percent(runs, "train_error"), percent(runs, "val_error")) for name, runs in rows.items()}
    save(comparison(errors), settings.out / picture)

"""A comparison: entries, each at its own rate, with several seeds."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from minialex.data import Dataset
from minialex.files.atomic import write_text
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.rates import best_rate
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import VAL_LIMIT, Settings
from minialex.lab.frame.tables import markdown, mean_and_error, seeds_needed
from minialex.summary import summary

SEARCH = 1000  # the seed of the searches for rates: none of those in the table


class Compared(NamedTuple):
    """The rate of each entry, the results of its trainings by seed, and the table."""

    rates: dict[str, float]
    rows: dict[str, list[dict]]
    text: str


def compare(
    entries: dict[str, Entry], settings: Settings, *, costs: bool = False, search_epochs: int | None = None,
    dataset: Dataset | None = None, picture: str | None = None,
) -> Compared:  # fmt: skip
    """Train every entry with every seed, keep table and picture; the others are compared with the first entry.

    The rate of each is searched for with a seed of its own, and judged on images that are held out of those for
    training: the validation images are for the table alone.

    Args:   costs, whether the table has parameters and multiply-adds; search_epochs, of the trainings that search for a
            rate (None: as many as of the others); dataset, where it is loaded already; picture, its file's name
            (None: NAME.png).
    """
    results, dataset = Results(settings.out, settings.as_dict()), dataset or settings.dataset()
    held_out, search = with_held_out(dataset), settings._replace(epochs=search_epochs or settings.epochs)
    rates, rows = {}, {}
    for name, entry in entries.items():
        rates[name] = searched(results, name, entry, held_out, search)
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


def searched(results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings) -> float:
    """Return the entry's best rate on the dataset's validation images."""
    return best_rate(lambda lr: trained(results, name, entry, dataset, settings, lr, SEARCH)["val_error"])


def trained(
    results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings, lr: float, seed: int
) -> dict:
    """Return the errors of one training, which is done once."""
    what = "search" if seed == SEARCH else f"seed {seed}"
    training = {"lr": lr, "epochs": settings.epochs, "seed": seed, "limit": settings.limit}
    return results.once(f"{name}, rate {lr:g}, {what}", lambda: entry.errors(dataset, **training))


def errors_table(
    entries: dict[str, Entry], rows: dict[str, list[dict]], rates: dict[str, float], cells: dict[str, list[str]]
) -> str:
    """Return the table: errors in percent, and the paired differences of the validation errors to the first entry."""
    first = next(iter(rows))
    columns: dict[str, list[str]] = {"": list(entries)}
    if cells:
        columns["parameters"], columns["multiply-adds"] = map(list, zip(*cells.values(), strict=True))
    columns["rate"] = [f"{rates[name]:g}" for name in entries]
    columns["training error"] = [mean_and_error(percent(rows[name], "train_error")) for name in entries]
    columns["validation error"] = [
        mean_and_error(percent(rows[name], "val_error")) + lost(rows[name]) for name in entries
    ]
    gaps = {name: percent(rows[name], "val_error") - percent(rows[first], "val_error") for name in entries}
    columns[f"against {first}"] = ["" if name == first else mean_and_error(gaps[name], signed=True) for name in entries]
    if any(entry.published for entry in entries.values()):
        columns["published"] = [entry.published for entry in entries.values()]
    if any(entry.claimed for entry in entries.values()):
        needed = [seeds_needed(gaps[name], entry.claimed) if entry.claimed else "" for name, entry in entries.items()]
        columns["seeds that would show it"] = needed
    seeds, rest = len(rows[first]), zip(*columns.values(), strict=True)
    return f"Errors in percent, mean ± standard error of {seeds} seeds\n\n{markdown(list(columns), list(rest))}"


def lost(runs: Sequence[dict]) -> str:
    """Return how many trainings diverged, whose error counts as that of guessing, as text."""
    diverged = sum(run.get("diverged", False) for run in runs)
    return f" ({diverged} of {len(runs)} diverged)" if diverged else ""


def percent(runs: Sequence[dict], key: str) -> np.ndarray:
    """Return one kind of error of several trainings, in percent."""
    return 100 * np.array([run[key] for run in runs])


def cost_cells(entry: Entry, dataset: Dataset) -> list[str]:
    """Return the parameters and the multiply-adds of an entry's net as text."""
    shape = (dataset.channels, dataset.image_size, dataset.image_size)
    rng = np.random.default_rng(0)
    net = entry.net(rng=rng, classes=len(dataset.classes), image_size=dataset.image_size, channels=dataset.channels)
    costs = summary(net, shape)
    return [f"{costs.parameters:,}", f"{costs.multiply_adds:,}"]


def keep_table(settings: Settings, text: str) -> None:
    """Write table.md."""
    settings.out.mkdir(parents=True, exist_ok=True)
    write_text(settings.out / "table.md", text + "\n")


def draw_errors(settings: Settings, rows: dict[str, list[dict]], picture: str) -> None:
    """Draw the errors of every training."""
    from minialex.plots import comparison, save  # late: matplotlib takes half a second

    errors = {name: (percent(runs, "train_error"), percent(runs, "val_error")) for name, runs in rows.items()}
    save(comparison(errors), settings.out / picture)

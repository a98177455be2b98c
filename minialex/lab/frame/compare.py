"""A comparison: entries, each at its own rate, with several seeds."""

from collections.abc import Sequence

import numpy as np

from minialex.data import Dataset
from minialex.files.atomic import write_text
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.rates import best_rate
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error, seeds_needed
from minialex.summary import summary

SEARCH = 1000  # the seed of the searches for rates: none of those in the table


def compare(
    entries: dict[str, Entry], settings: Settings, *, costs: bool = False, search_epochs: int | None = None
) -> str:
    """Train every entry with every seed, and return the table; the others are compared with the first entry.

    The rate of each is searched for with a seed of its own: images, weights and order that no row of the table has.

    Args:   costs, whether the table has parameters and multiply-adds; search_epochs, of the trainings that search for a
            rate (None: as many as of the others).
    """
    dataset = settings.dataset()
    rates, rows = trainings(entries, settings, dataset, search_epochs)
    cells = {name: cost_cells(entry, dataset) for name, entry in entries.items()} if costs else {}
    text = errors_table(entries, rows, rates, cells)
    keep_table(settings, text)
    draw_errors(settings, rows)
    return text


def trainings(
    entries: dict[str, Entry], settings: Settings, dataset: Dataset, search_epochs: int | None = None
) -> tuple[dict[str, float], dict[str, list[dict]]]:
    """Return each entry's best rate, and the errors of its trainings, one for each seed."""
    results = Results(settings.out, settings.as_dict())
    search = settings._replace(epochs=search_epochs or settings.epochs)
    rates = {name: searched(results, name, entry, dataset, search) for name, entry in entries.items()}
    rows = {
        name: [trained(results, name, entry, dataset, settings, rates[name], seed) for seed in range(settings.seeds)]
        for name, entry in entries.items()
    }
    return rates, rows


def searched(results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings) -> float:
    """Return the entry's best rate."""
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
    published = any(entry.published for entry in entries.values())
    head = ["", *(["parameters", "multiply-adds"] if cells else []), "rate", "training error", "validation error"]
    head += [f"against {first}", "seeds for 2 s.e.", *(["published"] if published else [])]
    lines = []
    for name, entry in entries.items():
        train, val, base = (percent(runs, key) for runs, key in (
            (rows[name], "train_error"), (rows[name], "val_error"), (rows[first], "val_error")
        ))  # fmt: skip
        gap = ["", ""] if name == first else [mean_and_error(val - base, signed=True), seeds_needed(val - base)]
        line = [name, *cells.get(name, []), f"{rates[name]:g}", mean_and_error(train), mean_and_error(val), *gap]
        lines.append([*line, *([entry.published] if published else [])])
    seeds = len(rows[first])
    return f"Errors in percent, mean ± standard error of {seeds} seeds\n\n{markdown(head, lines)}"


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


def draw_errors(settings: Settings, rows: dict[str, list[dict]]) -> None:
    """Draw the errors of every training."""
    from minialex.plots import comparison, save  # late: matplotlib takes half a second

    errors = {name: (percent(runs, "train_error"), percent(runs, "val_error")) for name, runs in rows.items()}
    save(comparison(errors), settings.out / f"{settings.out.name}.png")

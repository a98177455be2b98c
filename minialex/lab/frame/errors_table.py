"""The table of a comparison."""

from collections.abc import Sequence

import numpy as np

from minialex.data import Dataset
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.tables import diverged, markdown, mean_and_error, seeds_needed
from minialex.summary import summary


def errors_table(
    entries: dict[str, Entry], rows: dict[str, list[dict]], rates: dict[str, float], cells: dict[str, list[str]]
) -> str:
    """Return the table: errors in percent, and the paired differences of the validation errors to the first entry."""
    first = next(iter(rows))
    columns: dict[str, list[str]] = {"": list(entries)}
    if cells:
        columns["parameters"], columns["multiply-adds"] = map(list, zip(*cells.values(), strict=True))
        columns["CPU seconds"] = [cpu_cell(rows[name]) for name in entries]
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
    return diverged(sum(run.get("diverged", False) for run in runs), len(runs))


def percent(runs: Sequence[dict], key: str) -> np.ndarray:
    """Return one kind of error of several trainings, in percent."""
    return 100 * np.array([run[key] for run in runs])


def cpu_cell(runs: Sequence[dict]) -> str:
    """Return the mean CPU seconds of a training and its tests as text; none where all diverged."""
    seconds = [run["cpu_seconds"] for run in runs if not run.get("diverged")]
    return f"{np.mean(seconds):.0f}" if seconds else ""


def cost_cells(entry: Entry, dataset: Dataset) -> list[str]:
    """Return the parameters and the multiply-adds of an entry's net as text."""
    shape = (dataset.channels, dataset.image_size, dataset.image_size)
    costs = summary(entry.untrained(dataset, np.random.default_rng(0)), shape)
    return [f"{costs.parameters:,}", f"{costs.multiply_adds:,}"]

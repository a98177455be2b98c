"""The second table of `variants.py`: how fast, up to which rate, and with how much confidence."""

from collections.abc import Sequence

import numpy as np

from minialex.data import Dataset
from minialex.lab.frame import rates
from minialex.lab.frame.compare import SEARCH, Compared, trained, with_held_out
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error, mean_of_reached
from minialex.lab.learning_speed import LEVEL, images_to


def besides(entries: dict[str, Entry], compared: Compared, dataset: Dataset, settings: Settings) -> str:
    """Return the table of a comparison's other results; the search for rates goes on upwards, on the same images."""
    results, held_out = Results(settings.out, settings.as_dict()), with_held_out(dataset)
    lines = []
    for name, entry in entries.items():
        runs, best = compared.rows[name], compared.rates[name]
        largest = largest_rate(results, name, entry, held_out, settings, best)
        epochs = [images_to(run.get("while_learning", []), 1, 1 - 1 / len(dataset.classes)) for run in runs]
        lines.append([name, mean_of_reached(epochs, "never"), largest, *confidence(runs)])
    head = ["", f"epochs to {LEVEL:.0%} training error", "largest rate", "accuracy", "confidence", "calibration error"]
    if any(line[-1] for line in lines):
        return markdown([*head, "steps clipped"], lines)
    return markdown(head, [line[:-1] for line in lines])


def largest_rate(results: Results, name: str, entry: Entry, dataset: Dataset, settings: Settings, best: float) -> str:
    """Return the largest rate of the grid at which the net learns, from the best one upwards, as text."""
    largest = "none"
    for lr in rates.GRID[rates.GRID.index(best) :]:
        if not learns(trained(results, name, entry, dataset, settings, lr, SEARCH), len(dataset.classes)):
            return largest
        largest = f"{lr:g}"
    return f"{largest} or more"


def learns(run: dict, classes: int) -> bool:
    """Tell whether the training error is at most half of that of guessing."""
    return not run.get("diverged") and run["train_error"] <= (1 - 1 / classes) / 2


def confidence(runs: Sequence[dict]) -> list[str]:
    """Return accuracy, confidence, calibration error and the share of clipped steps as text, in percent."""
    if any(run.get("diverged") for run in runs):
        return ["", "", "", ""]
    accuracy = 100 * np.array([1 - run["val_error"] for run in runs])
    keys = ("confidence", "calibration_error", "clipped")
    measured = [100 * np.array([run.get(key, np.nan) for run in runs]) for key in keys]
    return [mean_and_error(values) if np.isfinite(values).all() else "" for values in (accuracy, *measured)]

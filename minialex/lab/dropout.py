"""Section 4.2: dropout in two hidden dense layers, for as long and for twice as long, and averaged over its masks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from minialex.data import Dataset, Split
from minialex.lab.dropout_masks import MASKS, mask_errors
from minialex.lab.frame.compare import compare, keep_table
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.errors_table import percent
from minialex.lab.frame.net import class_net
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error, mean_of_reached
from minialex.sequential import Sequential
from minialex.training import evaluate

TARGETS = (0.25, 0.1, 0.01)  # training errors
AVERAGED = (1, 5, 10, MASKS)


@dataclass(frozen=True, kw_only=True)
class Dropped(Entry):
    """A net trained `times` as many epochs, its training error measured after each, and its masks averaged."""

    times: int = 1

    def errors(self, dataset: Dataset, **training) -> dict[str, Any]:
        training["epochs"] *= self.times
        curve: list[float] = []

        def watch(net: Sequential, train: Split, history: list[dict]) -> None:
            curve.append(evaluate(net, train)["top1_error"])

        result = super().errors(dataset, watch=watch, **training)
        return result | {"train_by_epoch": curve}

    def measured(self, net: Sequential, train: Split, val: Split, history: list[dict]) -> dict[str, Any]:
        """Return the errors of a trained net, those of its masks too."""
        masks = {"masks": mask_errors(net, val)} if any(layer.rng for layer in net) else {}
        return super().measured(net, train, val, history) | masks


two_hidden = partial(class_net, dense=(256, 256))
ENTRIES: dict[str, Entry] = {
    "without": Dropped(net=two_hidden),
    "p = 0.5": Dropped(net=partial(two_hidden, dropout=0.5)),
    "p = 0.5, twice the epochs": Dropped(net=partial(two_hidden, dropout=0.5), times=2),
}


def dropout(settings: Settings) -> str:
    """Compare nets with and without dropout, and evaluation with masks against halved outputs."""
    from minialex.plots import save, series  # late: matplotlib takes half a second

    rates, rows, errors = compare(ENTRIES, settings)
    text = f"{errors}\n\n{epochs_table(rows)}\n\n{masks_table(rows)}"
    keep_table(settings, text)
    lines = {f"{name}, rate {rates[name]:g}": by_epoch(runs) for name, runs in rows.items()}
    measured = {name: line for name, line in lines.items() if len(line[0])}
    save(series(measured, x="Epoch", y="Training error (%)"), settings.out / "curves.png")
    return text


def by_epoch(runs: Sequence[dict]) -> tuple[np.ndarray, np.ndarray]:
    """Return the epochs, and the mean training error after each, in percent; of trainings that did not diverge."""
    errors = np.mean([run["train_by_epoch"] for run in runs if "diverged" not in run] or [[]], axis=0)
    return np.arange(1, len(errors) + 1), 100 * errors


def epochs_table(rows: dict[str, list[dict]]) -> str:
    """Return after how many epochs the training error is below each of the targets."""
    head = ["epochs until the training error is at most", *(f"{100 * target:g} %" for target in TARGETS)]
    lines = [[name, *(epochs_cell([run["train_by_epoch"] for run in runs], target) for target in TARGETS)]
             for name, runs in rows.items()]  # fmt: skip
    return markdown(head, lines)


def epochs_cell(curves: Sequence[Sequence[float]], target: float) -> str:
    """Return the first epoch with an error at or below the target, its mean over the seeds."""
    epochs = [next((i for i, error in enumerate(curve, 1) if error <= target), None) for curve in curves]
    return mean_of_reached(epochs, f"not in {len(curves[0])}")


def masks_table(rows: dict[str, list[dict]]) -> str:
    """Return the validation errors of averaged masks, and their difference to halved outputs."""
    head = ["validation error", "outputs halved", *(f"{n} mask{'s' * (n > 1)}" for n in AVERAGED)]
    head += [f"geometric mean of {MASKS}", f"{MASKS} masks against halved"]
    lines = []
    for name, runs in rows.items():
        masks = [run["masks"] for run in runs if "masks" in run]
        if not masks:
            continue
        halved, all_of_them = percent(masks, "halved"), 100 * np.array([mask["mean"][-1] for mask in masks])
        cells = [mean_and_error(halved), mean_and_error(percent(masks, "one"))]
        cells += [mean_and_error([100 * mask["mean"][n - 1] for mask in masks]) for n in AVERAGED[1:]]
        cells += [mean_and_error(percent(masks, "geometric")), mean_and_error(all_of_them - halved, signed=True)]
        lines.append([name, *cells])
    return markdown(head, lines)

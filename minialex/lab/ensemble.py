"""Table 2: the softmax outputs of several nets, averaged; they differ in initial weights and order of the images."""

import numpy as np

from minialex.data import Dataset, Split
from minialex.lab.averaging import all_choices, outputs_of_seeds
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.errors_table import percent
from minialex.lab.frame.net import class_net
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import diverged, markdown, mean_and_error
from minialex.lab.trained_nets import rate_of
from minialex.sequential import Sequential
from minialex.training import probabilities

ENTRY = Entry(net=class_net)
SIZES = (1, 2, 3, 5, 7, 10)  # nets averaged
PAPER = {1: "40.7 / 18.2", 5: "38.1 / 16.4"}  # 2012 validation set, top-1 / top-5


def ensemble(settings: Settings) -> str:
    """Train settings.seeds nets on the same images, average some of them, and return the table."""
    results, dataset = Results(settings.out, settings.as_dict()), settings.dataset()
    lr, dataset = rate_of(results, ENTRY, dataset, settings), same_images(dataset, settings.limit)
    p = np.stack(outputs_of_seeds(results, ENTRY, dataset, settings, lr, softmax_outputs))
    errors = {k: all_choices(p, k, dataset.val.labels) for k in SIZES if k <= len(p)}
    text = ensemble_table(errors, lr, diverged(settings.seeds - len(p), settings.seeds))
    keep_table(settings, text)
    draw(settings, errors)
    return text


def same_images(dataset: Dataset, limit: int | None) -> Dataset:
    """Return the dataset with the images that every net is trained on."""
    return Dataset(dataset.name, dataset.classes, dataset.train.limit(limit or len(dataset.train)), dataset.val)


def softmax_outputs(net: Sequential, split: Split) -> np.ndarray:
    """Return the probabilities for the images, (N, C)."""
    return np.concatenate([p for p, _ in probabilities(net, split)])


def ensemble_table(errors: dict[int, list[dict[str, float]]], lr: float, lost: str = "") -> str:
    """Return mean, lowest and highest error over all choices of so many nets."""
    one = percent(errors[1], "top1")
    rows = []
    for k, choices in errors.items():
        top1, top5 = percent(choices, "top1"), percent(choices, "top5")
        gap = "" if k == 1 else f"{top1.mean() - one.mean():+.2f}"
        loss = np.mean([choice["loss"] for choice in choices])
        of = f"{top1.min():.2f} to {top1.max():.2f}"
        rows.append([str(k), str(len(choices)), f"{top1.mean():.2f}", of, gap, f"{top5.mean():.2f}", f"{loss:.3f}"])
        rows[-1].append(PAPER.get(k, ""))
    head = ["nets", "choices", "error", "lowest to highest", "against one", "top-5 error", "loss"]
    note = f"Validation errors in percent; {len(one)} nets{lost}, rate {lr:g}; one net {mean_and_error(one)}"
    return f"{note}\n\n{markdown([*head, 'paper, top-1 / top-5'], rows)}"


def draw(settings: Settings, errors: dict[int, list[dict[str, float]]]) -> None:
    """Draw the mean, lowest and highest error against the number of nets."""
    from minialex.plots import save, series  # late: matplotlib takes half a second

    columns = [percent(choices, "top1") for choices in errors.values()]
    lines = {
        "mean of all choices": (list(errors), [column.mean() for column in columns]),
        "lowest": (list(errors), [column.min() for column in columns]),
        "highest": (list(errors), [column.max() for column in columns]),
    }
    save(series(lines, x="Nets averaged", y="Validation error (%)"), settings.out / "ensemble.png")

"""Table 2: the softmax outputs of several nets, averaged; they differ in initial weights and order of the images."""

from functools import partial

import numpy as np

from minialex.data import Dataset
from minialex.lab.averaging import all_choices
from minialex.lab.frame.compare import keep_table, searched
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.errors_table import percent
from minialex.lab.frame.net import class_net
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error
from minialex.training import probabilities

ENTRY = Entry(net=class_net)
SIZES = (1, 2, 3, 5, 7, 10)  # nets averaged
PAPER = {1: "40.7 / 18.2", 5: "38.1 / 16.4"}  # 2012 validation set, top-1 / top-5


def ensemble(settings: Settings) -> str:
    """Train settings.seeds nets on the same images, average some of them, and return the table."""
    results, dataset = Results(settings.out, settings.as_dict()), same_images(settings)
    lr = searched(results, "net", ENTRY, dataset, settings)
    run = partial(one_net, dataset, settings, lr)
    p = np.stack([results.arrays(f"seed {seed}", partial(run, seed))["p"] for seed in range(settings.seeds)])
    errors = {k: all_choices(p, k, dataset.val.labels) for k in SIZES if k <= len(p)}
    text = ensemble_table(errors, lr)
    keep_table(settings, text)
    draw(settings, errors)
    return text


def same_images(settings: Settings) -> Dataset:
    """Return the dataset with the images that every net is trained on."""
    dataset = settings.dataset()
    train = dataset.train.limit(settings.limit or len(dataset.train))
    return Dataset(dataset.name, dataset.classes, train, dataset.val)


def one_net(dataset: Dataset, settings: Settings, lr: float, seed: int) -> dict[str, np.ndarray]:
    """Train a net; return its probabilities for the validation images, (N, C)."""
    net, *_ = ENTRY.train(dataset, lr=lr, epochs=settings.epochs, seed=seed, limit=None)
    return {"p": np.concatenate([p for p, _ in probabilities(net, dataset.val)])}


def ensemble_table(errors: dict[int, list[dict[str, float]]], lr: float) -> str:
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
    note = f"Validation errors in percent; {len(one)} nets, rate {lr:g}; one net {mean_and_error(one)}"
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

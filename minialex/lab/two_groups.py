"""Section 3.2: what does communication between two groups bring?

The three nets of `group_nets.py`, several seeds each, on the same images for the same epochs.
"""

import json
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.data import Dataset, load, mean_image
from minialex.files.atomic import write_text
from minialex.lab.group_nets import NETS
from minialex.sequential import Sequential
from minialex.training import SGD, Fixed, evaluate, fit

# Errors in per cent. Paper: section 3.2, ILSVRC-2010, the loss against two groups (top-1 / top-5). Source: the comments
# of configurations #145 and #150, 2012 validation set, and of the half net on 2010 against 37.47 / 17.00.
PUBLISHED = {
    "two groups": ("", "40.66 / 18.21"),
    "silent groups": ("", "41.83 / 19.33"),
    "half a net": ("+1.7 / +1.2", "39.17 / 18.23 (2010; two groups 37.47 / 17.00)"),
}


def two_groups(out: Path, *, data: str, epochs: int, limit: int | None, seeds: int, lr: float = 0.01) -> str:
    """Train every net with every seed, write each result to out/results.json, and return the table.

    The rate is divided by 10 for the last quarter of the epochs. Results that exist already, with the same settings,
    are not computed again, so that an interrupted run continues.
    """
    settings = {"data": data, "epochs": epochs, "limit": limit, "lr": lr}
    results = read_results(out / "results.json", settings)
    dataset = load(data, image_size=32, limit=None)
    train = dataset.train if limit is None else dataset.train.limit(limit)
    dataset = Dataset(dataset.name, dataset.classes, train, dataset.val)
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(seeds):
        for name, make in NETS.items():
            if f"{name}, seed {seed}" not in results:
                results[f"{name}, seed {seed}"] = one_run(make, dataset, seed, epochs, lr)
                write_text(out / "results.json", json.dumps({"settings": settings, "errors": results}, indent=2))
    text = errors_table(results, seeds)
    write_text(out / "table.md", text + "\n")
    return text


def one_run(make: Callable[..., Sequential], dataset: Dataset, seed: int, epochs: int, lr: float) -> list[float]:
    """Return top-1 and top-5 error after training from one seed."""
    rng = np.random.default_rng(seed)
    net = make(rng=rng, classes=len(dataset.classes), image_size=32)
    mean = mean_image(dataset.train.images)
    sgd = SGD(net, lr, bias_lr=2 * lr, bias_decay=0.0)
    schedule = Fixed((max(1, epochs - max(1, epochs // 4)),))
    fit(net, dataset.train, dataset.val, sgd=sgd, epochs=epochs, rng=rng, schedule=schedule, mean=mean)
    errors = evaluate(net, dataset.val, mean=mean)
    return [errors["top1_error"], errors["top5_error"]]


def read_results(path: Path, settings: dict) -> dict:
    """Return the results of an earlier, interrupted run; ValueError if it had other settings."""
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text())
        earlier, errors = kept["settings"], kept["errors"]
    except (ValueError, KeyError, TypeError) as error:
        raise expected(path, "results of this experiment", f"a damaged file ({error})", "remove it") from None
    if earlier != settings:
        raise expected(path, f"results with {settings}", earlier, "choose another --out")
    return errors


def errors_table(results: dict, seeds: int) -> str:
    """Return means and standard errors over the seeds, in per cent, beside the published errors."""
    lines = [
        f"| net | top-1 error, {seeds} seeds | against two groups | top-5 error | paper, against two groups | source |",
        "|---|---|---|---|---|---|",
    ]
    errors = {name: np.array([results[f"{name}, seed {s}"] for s in range(seeds)]) * 100 for name in NETS}
    base = errors["two groups"][:, 0]
    for name, percent in errors.items():
        gap = "" if name == "two groups" else f"{percent[:, 0].mean() - base.mean():+.2f}"
        top1, top5 = mean_and_error(percent[:, 0]), mean_and_error(percent[:, 1])
        lines.append(f"| {name} | {top1} | {gap} | {top5} | {' | '.join(PUBLISHED[name])} |")
    return "\n".join(lines)


def mean_and_error(values: np.ndarray) -> str:
    """Return mean and standard error of the mean as text."""
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{values.mean():.2f} ± {values.std(ddof=1) / sqrt(len(values)):.2f}"

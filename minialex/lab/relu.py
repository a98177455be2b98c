"""Figure 1: how many images a net needs with each unit until its training error is 25 %, each at its own rate.

2012     pixels of 0 to 255 minus the mean image, the initial weights of the authors' 18 % net for CIFAR-10
today    inputs of unit variance; He's weights for ReLU, Xavier's for tanh and sigmoid
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from minialex.devices import host
from minialex.kits import complete
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry, levels
from minialex.lab.frame.net import KIT, class_net
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error, mean_of_reached
from minialex.lab.learning_speed import LEVEL, middles, speeds
from minialex.lab.units import UNITS, Identity
from minialex.sequential import Sequential
from minialex.training import SGD, Fixed

FOUR_LAYERS: dict = {"convolutions": {"conv1": (16, 5), "conv2": (16, 5), "conv3": (32, 5)}, "dense": ()}
SETTINGS = ("2012", "today")
FIRST = "ReLU"  # with which the others are compared


def net_of_2012(unit: Callable, *, channels: int = 3, **options) -> Sequential:
    """Build four layers with the initial weights of `layers-18pct.cfg`: 0.0001 in conv1, 0.01 in the others."""

    def conv(reads: int, kernels: int, side: int, **settings):
        return host.kit.Conv2D(reads, kernels, side, std=1e-4 if reads == channels else 0.01, **settings)

    return class_net(unit=unit, conv=conv, kit=complete(host.kit, 0.01), channels=channels, **FOUR_LAYERS, **options)


def net_of_today(unit: Callable, rule: str, **options) -> Sequential:
    """Build the same layers with initial weights by He's or Xavier's rule."""
    return class_net(unit=unit, kit=complete(host.kit, rule), **FOUR_LAYERS, **options)


def entry(net: Callable[..., Sequential], **options) -> Entry:
    """Return a net that is trained at a constant rate, without decay."""
    return Entry(net=net, rule=lambda net, lr: SGD(net, lr, weight_decay=0.0), schedule=Fixed(), **options)


RULES = {"ReLU": "he", "tanh": "xavier", "sigmoid": "xavier"}
LINEAR = partial(net_of_today, Identity, "xavier", pool=lambda: KIT.AvgPool(3, 2, ceil=True))  # a maximum is not linear
ENTRIES = {
    **{f"2012, {name}": entry(partial(net_of_2012, unit), inputs=levels) for name, unit in UNITS.items()},
    **{f"today, {name}": entry(partial(net_of_today, unit, RULES[name])) for name, unit in UNITS.items()},
    "today, no unit, average pooling": entry(LINEAR),
}


def relu(settings: Settings) -> str:
    """Train each net at its own rate until its training error is 25 %, and return both tables."""
    from minialex.plots import save, series  # late: matplotlib takes half a second

    rates, rows, searches, epoch = speeds(ENTRIES, settings)
    text = f"{speed_table(rates, rows, settings.epochs * epoch)}\n\n{search_table(searches, epoch)}"
    keep_table(settings, text)
    lines = {f"{name}, rate {rates[name]:g}": curve(runs[0], epoch) for name, runs in rows.items()}
    picture = series(lines, x="Thousand images", y="Training error while learning (%)", level=100 * LEVEL)
    save(picture, settings.out / f"{settings.name}.png")
    return text


def curve(run: dict, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the images seen, in thousands, and the training errors in percent."""
    return middles(run["errors"], epoch) / 1000, 100 * np.array(run["errors"])


def speed_table(rates: dict[str, float], rows: dict[str, list[dict]], longest: int) -> str:
    """Return the table: images to 25 %, and the factor against ReLU in the same setting, paired by seed."""
    head = ["setting", "unit", "rate", "thousand images to 25 %", "factor against ReLU"]
    lines = []
    for name, runs in rows.items():
        setting, _, unit = name.partition(", ")
        factor = "" if unit == FIRST else factor_cell(runs, rows[f"{setting}, {FIRST}"], longest)
        lines.append([setting, unit, f"{rates[name]:g}", images_cell(runs, longest), factor])
    note = f"Images until the training error is 25 %, mean ± standard error of {len(runs)} seeds"
    return f"{note}\n\n{markdown(head, lines)}"


def search_table(searches: dict[str, dict[float, dict]], epoch: int) -> str:
    """Return the images to 25 % of each training of the searches, by rate; nothing where the search did not come."""
    tried = sorted({rate for runs in searches.values() for rate in runs})
    head = ["thousand images to 25 % in the search, by rate", *(f"{rate:g}" for rate in tried)]
    lines = [[name, *(search_cell(runs[rate], epoch) if rate in runs else "" for rate in tried)]
             for name, runs in searches.items()]  # fmt: skip
    return markdown(head, lines)


def search_cell(run: dict, epoch: int) -> str:
    """Return the images to 25 %; where the training ended before, how many were not enough."""
    if run["loss"] is None:
        return "diverged"
    if run["images"] is None:
        return f"more than {middles(run['errors'], epoch)[-1] / 1000:.0f}"
    return f"{run['images'] / 1000:.0f}"


def images_cell(runs: list[dict], longest: int) -> str:
    """Return the mean over the seeds that get to 25 %, and how many do where some do not."""
    images = [None if run["images"] is None else run["images"] / 1000 for run in runs]
    last = mean_and_error([100 * run["errors"][-1] for run in runs])
    return mean_of_reached(images, f"never in {longest / 1000:g}: {last} %")


def factor_cell(runs: list[dict], first: list[dict], longest: int) -> str:
    """Return the mean ratio of images to those of ReLU with the same seed; a bound where the unit never gets there."""
    if any(run["images"] is None for run in first):
        return ""
    ratios = [(run["images"] or longest) / base["images"] for run, base in zip(runs, first, strict=True)]
    bound = any(run["images"] is None for run in runs)
    return f"more than {np.mean(ratios):.2f}" if bound else mean_and_error(ratios)

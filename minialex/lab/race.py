"""What makes `cifar_fast` fast: its errors after two epochs with each ingredient switched off, and the seconds."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from minialex.data import Split
from minialex.devices import host
from minialex.kits import complete
from minialex.lab.frame.compare import compare, keep_table
from minialex.lab.frame.entry import Entry, levels
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error
from minialex.layer import Layer
from minialex.models import cifar_80sec, cifar_fast
from minialex.models.recipes import recipe
from minialex.sequential import Sequential
from minialex.training import SGD, Fixed
from minialex.training.named_schedules import schedule_named

RECIPE = recipe("cifar_fast", "paper")


@dataclass(frozen=True, kw_only=True)
class TimedEntry(Entry):
    """A row whose result has the seconds of the training too: by the clock, without loading images and the test."""

    def measured(self, net: Sequential, train: Split, val: Split, history: list[dict]) -> dict[str, Any]:
        """Return the errors of a trained net, and the seconds of all of its epochs."""
        return super().measured(net, train, val, history) | {"seconds": sum(row["seconds"] for row in history)}


def rule(net: Sequential, lr: float, *, nesterov: bool = True) -> SGD:
    """Return the recipe's update rule at a rate."""
    r = RECIPE
    bias_lr = r.bias_lr * lr / r.lr
    return SGD(net, lr, r.momentum, r.weight_decay, bias_lr, r.bias_decay, nesterov=nesterov)


def kernels_of_80sec(*, rng: np.random.Generator, **settings) -> Sequential:
    """Build `cifar_80sec` with He's weights, and batch normalization before the unit of each convolution.

    Its kernels have 5x5 pixels and are 32, 32 and 64, two of its poolings average, it has one dense layer more.
    """
    net = cifar_80sec(rng=rng, init="he", **settings)
    layers: dict[str, Layer] = {}
    for name, layer in net.layers.items():
        if name in ("relu1", "relu2", "relu3"):
            kernels = net[f"conv{name[-1]}"].params["b"].shape[0]
            layers[f"norm{name[-1]}"] = complete(host.kit).BatchNorm(kernels)
        layers[name] = layer
    return Sequential(**layers)


ONE_CYCLE = schedule_named(RECIPE.schedule or "one-cycle")
WHOLE = TimedEntry(net=cifar_fast, rule=rule, schedule=ONE_CYCLE, batch=RECIPE.batch)
ENTRIES: dict[str, Entry] = {
    "cifar_fast": WHOLE,
    "fixed rate, not one-cycle": replace(WHOLE, schedule=Fixed()),
    "without batch normalization": replace(WHOLE, net=partial(cifar_fast, batch_norm=False)),
    "N(0, 0.01), not He": replace(WHOLE, net=partial(cifar_fast, init=0.01)),
    "momentum, not Nesterov's": replace(WHOLE, rule=partial(rule, nesterov=False)),
    "pixels, not unit variance": replace(WHOLE, inputs=levels),
    "80sec's layers, not 3x3": replace(WHOLE, net=kernels_of_80sec),
}


def race(settings: Settings) -> str:
    """Compare the whole with each part switched off; rates are searched for in one epoch."""
    compared = compare(ENTRIES, settings, costs=True, search_epochs=1)
    text = f"{compared.text}\n\n{seconds_table(compared.rows)}"
    keep_table(settings, text)
    return text


def seconds_table(rows: dict[str, list[dict]]) -> str:
    """Return the seconds of the trainings that did not diverge, mean and standard error."""
    lines = []
    for name, runs in rows.items():
        seconds = [run["seconds"] for run in runs if "seconds" in run]
        lines.append([name, mean_and_error(seconds) if seconds else "diverged"])
    return markdown(["", "seconds of a training"], lines)

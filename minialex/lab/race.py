"""What makes `cifar_fast` fast: its errors after two epochs with each ingredient switched off, and the seconds."""

from dataclasses import replace
from functools import partial

import numpy as np

from minialex.devices import host
from minialex.kits import complete
from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry, levels
from minialex.lab.frame.settings import Settings
from minialex.layer import Layer
from minialex.models import cifar_80sec, cifar_fast
from minialex.models.recipes import recipe
from minialex.sequential import Sequential
from minialex.training import SGD, Fixed
from minialex.training.named_schedules import schedule_named

RECIPE = recipe("cifar_fast", "paper")


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
WHOLE = Entry(net=cifar_fast, rule=rule, schedule=ONE_CYCLE, batch=RECIPE.batch)
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
    return compare(ENTRIES, settings, costs=True, search_epochs=1).text

"""What makes `cifar_airbench` learn fast: its errors with each ingredient switched off, views at the test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from minialex.data import Dataset, Split
from minialex.data.augmentation import AlternatingReflection, RandomReflection, RandomShift
from minialex.lab.frame.compare import compare, keep_table
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.errors_table import percent
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import cifar_airbench, whiten
from minialex.models.recipes import recipe
from minialex.sequential import Sequential
from minialex.training import SGD, Lookahead, Muon, OneCycle, WeightAverage, evaluate
from minialex.training.named_schedules import schedule_named
from minialex.training.per_layer import factors
from minialex.training.run_data import first_inputs

RECIPE = recipe("cifar_airbench", "paper")
VIEWS = (2, 6)  # at the test, besides one
SHIFT = RandomShift(2, border="reflect")


@dataclass(frozen=True, kw_only=True)
class WholeEntry(Entry):
    """A row that is trained with smoothed labels and a first layer that whitens, and has more views at the test.

    Args:   smoothing; average, makes a new average of the weights for each training, or None; whitened, whether the
            first layer's kernels are computed from the training images; the others as for `Entry`.
    """

    smoothing: float = RECIPE.smoothing
    average: Callable[[], WeightAverage | None] = lambda: None
    whitened: bool = True

    def untrained(self, dataset: Dataset, rng: np.random.Generator) -> Sequential:
        net = super().untrained(dataset, rng)
        if self.whitened:
            whiten(net["whiten"], first_inputs(dataset.train, *self.inputs(dataset.train)))
        return net

    def errors(self, dataset: Dataset, **training) -> dict[str, Any]:
        return super().errors(dataset, loss=SoftmaxCrossEntropy(self.smoothing), average=self.average(), **training)

    def measured(self, net: Sequential, train: Split, val: Split, history: list[dict]) -> dict[str, Any]:
        more = {f"{views} views": evaluate(net, val, views=views)["top1_error"] for views in VIEWS}
        return super().measured(net, train, val, history) | more


def rule(net: Sequential, lr: float, *, lr_factor: Sequence[str] = RECIPE.lr_factor) -> Muon:
    """Return Muon at a rate of the matrices, with the recipe's rates for all others."""
    r = RECIPE
    return Muon(
        net, lr, r.momentum, r.weight_decay, r.bias_lr, r.bias_decay, others_lr=r.lr, unit_kernels=r.unit_kernels,
        lr_factors=factors(lr_factor),
    )  # fmt: skip


def sgd(net: Sequential, lr: float) -> SGD:
    """Return Nesterov's momentum at a rate of all, the biases of normalizations at 64 times that rate."""
    r, own = RECIPE, factors(RECIPE.lr_factor)
    return SGD(net, lr, r.momentum, r.weight_decay, lr, r.bias_decay, lr_factors=own, nesterov=r.nesterov)


def learned_first(**settings) -> Sequential:
    """Build the net with a first layer that learns, from kernels that are drawn."""
    net = cifar_airbench(**settings)
    net["whiten"].trainable = True
    return net


def entries(width: int) -> dict[str, Entry]:
    """Return the rows for nets of this width."""
    net = partial(cifar_airbench, width=width)
    whole = WholeEntry(
        net=net, rule=rule, schedule=schedule_named(RECIPE.schedule or "one-cycle"), batch=RECIPE.batch,
        augment=lambda dataset: (SHIFT, AlternatingReflection()),
    )  # fmt: skip
    equal_rates, with_sgd = partial(rule, lr_factor=()), replace(whole, rule=sgd, schedule=OneCycle(0.23))
    return {
        "cifar_airbench": whole,
        "first layer drawn and learned": replace(whole, net=partial(learned_first, width=width), whitened=False),
        "convolutions drawn, not identity": replace(whole, net=partial(net, identity=False)),
        "biases at the rate of weights": replace(whole, rule=equal_rates),
        "... and scales learned": replace(whole, rule=equal_rates, net=partial(net, scale=True)),
        "reflected at random, not in turns": replace(whole, augment=lambda dataset: (SHIFT, RandomReflection())),
        "no augmentation": replace(whole, augment=lambda dataset: ()),
        "labels not smoothed": replace(whole, smoothing=0.0),
        "moving average of the weights": replace(whole, average=WeightAverage),
        "SGD and one-cycle, not Muon": with_sgd,
        "... and lookahead": replace(with_sgd, average=partial(Lookahead, 0.987)),
    }


def airbench(settings: Settings, *, width: int = 16) -> str:
    """Compare the whole with each part switched off; rates are searched for in one epoch."""
    settings = settings._replace(name=f"{settings.name}-{width}")
    compared = compare(entries(width), settings, costs=True, search_epochs=1, search_from=0.1)
    text = f"{compared.text}\n\n{views_table(compared.rows)}"
    keep_table(settings, text)
    return text


def views_table(rows: dict[str, list[dict]]) -> str:
    """Return the errors with more views of the trainings that did not diverge, mean and standard error."""
    lines = []
    for name, runs in rows.items():
        done = [run for run in runs if not run.get("diverged")]
        errors = [mean_and_error(percent(done, f"{views} views")) if done else "diverged" for views in VIEWS]
        lines.append([name, *errors])
    return markdown(["", *(f"error, {views} views" for views in VIEWS)], lines)

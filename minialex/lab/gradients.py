"""Section 3.1: gradients by depth, for saturating units and ReLU, by rule of initial weights, and with shortcuts.

Tutorials say that saturation makes gradients vanish (true), that it makes them explode (false: a derivative is at most
1, only weights enlarge), and that ReLU prevents both (not where the weights are too small or too large).
"""

from functools import partial
from math import ceil

import numpy as np

from minialex.data import Dataset, batches
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry, drawn
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.gradient_flow import chain, flow_measures
from minialex.lab.gradient_tables import tables
from minialex.lab.unit_costs import unit_costs
from minialex.lab.units import SATURATED, UNITS, Identity, unit_curves
from minialex.training import Diverged, Fixed

DEPTHS = (2, 4, 8, 12)
RATE, BATCH = 0.01, 128
SMALL = "N(0, 0.01)"
RULES: dict[str, str | float] = {SMALL: 0.01, "Xavier": "xavier", "He": "he", "N(0, 1)": 1.0}
NETS: dict[str, dict] = {
    **{f"{name}, {rule}": {"unit": UNITS[name], "weights": RULES[rule]}
       for name in ("sigmoid", "tanh", "ReLU") for rule in (SMALL, "Xavier", "He")},
    **{f"{name}, {SMALL}, residual": {"unit": UNITS[name], "weights": RULES[SMALL], "residual": True}
       for name in ("sigmoid", "tanh", "ReLU")},
    **{f"{name}, N(0, 1)": {"unit": unit, "weights": 1.0}
       for name, unit in {"sigmoid": UNITS["sigmoid"], "tanh": UNITS["tanh"], "no unit": Identity}.items()},
}  # fmt: skip


def gradients(settings: Settings) -> str:
    """Measure every net at every depth before training, the deepest after some steps too, and return the tables."""
    from minialex.plots import save, series_panels, units  # late: matplotlib takes half a second

    results, dataset = Results(settings.out, settings.as_dict()), settings.dataset()
    flows = {
        (name, depth): [kept(results, name, depth, dataset, settings, seed) for seed in range(settings.seeds)]
        for name in NETS for depth in DEPTHS
    }  # fmt: skip
    steps = settings.epochs * ceil(min(len(dataset.train), settings.limit or len(dataset.train)) / BATCH)
    text = tables(flows, results.once("cost of the units", unit_costs), steps)
    keep_table(settings, text)
    picture = series_panels(by_rule(flows, DEPTHS[-1]), x="Layer, 1 reads the image", y="RMS of the gradient")
    save(picture, settings.out / f"{settings.name}.png")
    save(units(unit_curves(), flat=SATURATED), settings.out / "units.png")
    return text


def kept(results: Results, name: str, depth: int, dataset: Dataset, settings: Settings, seed: int) -> dict:
    """Return the measures of one net, which are computed once."""
    epochs = settings.epochs if depth == DEPTHS[-1] else 0
    measure = partial(flow, NETS[name], depth, dataset, settings.limit, epochs, seed)
    return results.once(f"{name}, {depth} layers, seed {seed}", measure)


def flow(spec: dict, depth: int, dataset: Dataset, limit: int | None, epochs: int, seed: int) -> dict:
    """Return the measures of a net before training and, if it is trained, after it, and the training's last loss."""
    entry = Entry(net=partial(chain, **spec, depth=depth), schedule=Fixed(), batch=BATCH)
    train = drawn(dataset.train, limit, seed)
    mean, std = entry.inputs(train)
    x, labels = next(batches(train, BATCH, mean=mean, std=std))
    result = {"start": flow_measures(entry.untrained(dataset, np.random.default_rng(seed)), x, labels)}
    if not epochs:
        return result
    try:
        net, _, history = entry.train(dataset, lr=RATE, epochs=epochs, seed=seed, limit=limit)
    except Diverged:
        return result | {"after": None, "loss": None}
    with np.errstate(over="ignore", invalid="ignore"):  # the last step may have been one too large
        after = flow_measures(net, x, labels)
    return result | {
        "after": after if np.isfinite(after["gradient"]).all() else None,
        "loss": history[-1]["train_loss"],
    }


def by_rule(flows: dict, depth: int) -> dict[str, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Return for each rule of weights and each unit the layers' numbers, and the gradients of the first seed."""
    panels: dict[str, dict] = {}
    for (name, deep), runs in flows.items():
        if deep == depth:
            unit, _, rule = name.partition(", ")
            gradient = np.maximum(runs[0]["start"]["gradient"], 1e-38)  # 0 has no logarithm
            panels.setdefault(rule, {})[unit] = (np.arange(1, depth + 1), gradient)
    return panels

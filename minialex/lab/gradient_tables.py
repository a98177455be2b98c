"""The tables of the experiment on gradients."""

from collections.abc import Sequence

import numpy as np

from minialex.lab.frame.tables import markdown
from minialex.lab.unit_costs import CLASSES, KITS, OPERATIONS

Flows = dict[tuple[str, int], list[dict]]


def tables(flows: Flows, costs: dict[str, list[float]], steps: int) -> str:
    """Return three tables: gradients by depth, what multiplies them, what a unit costs."""
    seeds = len(next(iter(flows.values())))
    note = f"Gradient at the first hidden layer over that at the last, geometric mean of {seeds} seeds"
    return "\n\n".join([note, depth_table(flows, steps), factor_table(flows, steps), cost_table(costs)])


def depth_table(flows: Flows, steps: int) -> str:
    """Return the ratio of the first layer's gradient to the last one's by depth, and after training."""
    names, depths = dict.fromkeys(name for name, _ in flows), list(dict.fromkeys(depth for _, depth in flows))
    deepest = depths[-1]
    head = ["unit, weights", *(f"{depth} layers" for depth in depths)]
    head += [f"{deepest} layers, after {steps} steps", "training loss then"]
    lines = []
    for name in names:
        ratios = [cell([ratio(run["start"]) for run in flows[name, depth]]) for depth in depths]
        trained = [run for run in flows[name, deepest] if run.get("after")]
        after = cell([ratio(run["after"]) for run in trained]) if trained else "diverged"
        after += f" ({len(trained)} of {len(flows[name, deepest])} seeds)" * (
            0 < len(trained) < len(flows[name, deepest])
        )
        loss = f"{np.mean([run['loss'] for run in trained]):.2f}" if trained else ""
        lines.append([name, *ratios, after, loss])
    return markdown(head, lines)


def ratio(result: dict) -> float:
    """Return the gradient at the first hidden layer over that at the last; 0 where no gradient is left."""
    first, last = result["gradient"][0], result["gradient"][-1]
    return first / last if last else 0.0


def factor_table(flows: Flows, steps: int) -> str:
    """Return what multiplies the gradient from layer to layer of the deepest nets, and shares of outputs."""
    deepest = max(depth for _, depth in flows)
    head = [f"{deepest} layers: each layer multiplies the gradient by", "its unit's derivative", "its weights", "both",
            "outputs of 0", f"... after {steps} steps", "saturated outputs", "... after"]  # fmt: skip
    lines = []
    for (name, depth), runs in flows.items():
        if depth < deepest or "unit" not in runs[0]["start"]:
            continue
        unit, weights = ([run["start"][key] for run in runs] for key in ("unit", "weights"))
        cells = [cell(unit), cell(weights), cell(np.multiply(unit, weights))]
        cells += [share(runs, when, key) for key in ("zeros", "saturated") for when in ("start", "after")]
        lines.append([name, *cells])
    return markdown(head, lines)


def cell(values: Sequence[float] | np.ndarray) -> str:
    """Return the geometric mean as text."""
    mean = float(np.exp(np.mean(np.log(values)))) if np.all(values) else 0.0
    return f"{mean:.2f}" if 0.1 <= mean < 100 else f"{mean:.0e}"


def share(runs: list[dict], when: str, key: str) -> str:
    """Return the mean share of outputs in percent; nothing where no training came to its end."""
    values = [run[when][key] for run in runs if run[when]]
    return f"{100 * np.mean(values):.1f} %" if values else ""


def cost_table(costs: dict[str, list[float]]) -> str:
    """Return the operations of each unit, and the measured milliseconds of CPU."""
    head = ["an element costs", "forward", "backward", *(f"{kit}, ms forward + backward" for kit in KITS)]
    times = {name: [f"{one:.1f} + {two:.1f}" for one, two in (costs[f"{kit}, {name}"] for kit in KITS)]
             for name in CLASSES}  # fmt: skip
    return markdown(head, [[name, *OPERATIONS[name], *times[name]] for name in CLASSES])

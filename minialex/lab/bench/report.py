"""The report of `minialex bench`: medians, ratios and the time of each layer, and as text."""

from collections.abc import Sequence
from statistics import median

import numpy as np

TORCH = ("torch_installed", "torch_tuned", "torch_compiled")


def report(sides: Sequence, missing: dict, model: str, batch: int, lrn: bool, inference: bool) -> dict:
    """Return medians of the steps of all turns but the first, which warms up; the first side is ours."""
    steps = {side.name: [step for turn in side.turns[1:] for step in turn] for side in sides}
    seconds = {name: median(step["seconds"] for step in times) for name, times in steps.items()}
    ours = sides[0]
    parts = {part: median(step[part] for step in steps["ours"]) for part in ("forward", "backward", "update")}
    layers = np.array([step["layers"] for step in steps["ours"]])  # steps, layers, (forward, backward)
    per_layer = [
        {"layer": name, "forward": float(forward), "backward": float(backward)}
        for name, (forward, backward) in zip(ours.about["layers"], np.median(layers, axis=0), strict=True)
    ]
    return {
        "ratios": {name: seconds["ours"] / seconds[name] if name in seconds else None for name in TORCH},
        "seconds": {**seconds, **{f"ours_{part}": value for part, value in parts.items()}},
        "peak_bytes": {side.name: side.turns[-1][-1]["peak_bytes"] for side in sides},
        "blas": ours.about["blas"],
        "per_layer": per_layer,
        "settings": {"model": model, "batch": batch, "lrn": lrn, "inference": inference,
                     "repetitions": len(ours.turns) - 1, **{k: ours.about[k] for k in ("workers", "cpu", "numpy")}},
        "not_measured": missing,
    }  # fmt: skip


def as_table(result: dict) -> str:
    """Return the report as text, ratios first."""
    s = result["settings"]
    lines = [
        f"{s['model']}, batch {s['batch']}, {'forward pass' if s['inference'] else 'training step'}"
        f"{'' if s['lrn'] else ', without LRN'}; {s['workers']} workers, {s['cpu']}",
        f"NumPy {s['numpy']} with {result['blas']}; medians of {s['repetitions']} interleaved repetitions",
        "",
    ]
    for name in TORCH:
        if result["ratios"][name] is not None:
            lines.append(f"ours / {name:<16} {result['ratios'][name]:5.2f}")
    lines += ["", f"{'':16}  seconds  peak memory"]
    for name, seconds in result["seconds"].items():
        peak = result["peak_bytes"].get(name)
        lines.append(f"{name:<16}  {seconds:7.4f}  {f'{peak / 1e6:8.0f} MB' if peak else ''}".rstrip())
    lines += [f"{name:<16}  not measured: {why}" for name, why in result["not_measured"].items()]
    lines += ["", f"{'layer':<16}  forward  backward  ms"]
    for row in result["per_layer"]:
        lines.append(f"{row['layer']:<16}  {row['forward'] * 1e3:7.1f}  {row['backward'] * 1e3:8.1f}")
    return "\n".join(lines)

"""Several runs compared: training loss and validation error of each, with all of its seeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from minialex.checks import choose, expected
from minialex.plots.figure import Picture
from minialex.plots.style import BODY, INK, QUIET, RULE, SEVERAL, SMALL, shorten

LEFT, TOP, WIDTH, HEIGHT, APART, NAMES = 50, 34, 300, 240, 60, 190  # pixels; of a panel, between them, for the names
STYLES = ("-", "--", "-.", ":")  # with the colours, so that the curves differ in grey print too
PANELS = {"train_loss": ("Training loss", 1), "val_error": ("Validation error (%)", 100)}
AXES = {"epoch": "Epoch", "seconds": "Seconds"}
History = Sequence[Mapping[str, float]]


def runs(
    histories: Mapping[str, Sequence[History]], *, x: str = "epoch", level: float | None = None, title: str = ""
) -> Figure:
    """Draw training loss and validation error of several runs: a thin line for each seed, a thick one for their mean.

    Args:   histories, for each run those of its seeds, as `fit` returns them: one dict an epoch, with train_loss and
            val_error, a fraction; x, "epoch", or "seconds": the sum of those of the epochs so far; level, an error in
            percent, where a dotted line is drawn; title, above it.
    Errors: ValueError if there is no run, or the seeds of one have not equally many epochs.
    """
    label = choose(AXES, x, "x")
    check_histories(histories)
    figure = Picture(LEFT + 2 * WIDTH + APART + NAMES, TOP + HEIGHT + 50, title)
    for i, (column, (name, unit)) in enumerate(PANELS.items()):
        axes = figure.panel(LEFT + i * (WIDTH + APART), TOP, WIDTH, HEIGHT)
        for number, (run, seeds) in enumerate(histories.items()):
            draw_run(axes, number, run, *curves_of(seeds, column, x, unit))
        axes.set_title(name, loc="left", fontsize=BODY, color=INK, pad=8)
        axes.set_xlabel(label, fontsize=BODY, color=INK)
        axes.set_ylim(0, None)
        axes.grid(axis="y", color=RULE, lw=0.5, alpha=0.6)
        if x == "epoch":
            axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, steps=(1, 2, 5, 10), min_n_ticks=1))
    if level is not None:
        axes.axhline(level, color=QUIET, lw=0.9, ls=":", zorder=0)
    legend: dict = {"loc": "upper left", "bbox_to_anchor": (1.02, 1.03), "frameon": False, "handlelength": 2.6}
    axes.legend(**legend, fontsize=SMALL, labelcolor=INK)
    ends = {run: np.mean([100 * history[-1]["val_error"] for history in seeds]) for run, seeds in histories.items()}
    figure.alt = (
        f"{title or 'Runs compared'}: training loss and validation error against {label.lower()}; errors at the end: "
        + ", ".join(f"{run} {error:.1f} %" for run, error in ends.items())
    )
    return figure


def check_histories(histories: Mapping[str, Sequence[History]]) -> None:
    """Raise a ValueError, in one sentence, for runs that cannot be drawn."""
    if not histories:
        raise expected("runs", "one run at least", "none", "give {name: [history, ...]}")
    for name, seeds in histories.items():
        lengths = sorted({len(history) for history in seeds})
        if len(lengths) != 1 or not lengths[0]:
            raise expected("runs", f"equally many epochs in each seed of {name}", lengths or "no seed", "train on")


def curves_of(seeds: Sequence[History], column: str, x: str, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """Return both coordinates (seeds, epochs) of a run's curves."""
    values = unit * np.array([[row[column] for row in history] for history in seeds], dtype=float)
    if x == "seconds":
        return np.cumsum([[row["seconds"] for row in history] for history in seeds], axis=1), values
    return np.broadcast_to(np.arange(1, values.shape[1] + 1), values.shape), values


def draw_run(axes: Axes, number: int, name: str, x: np.ndarray, y: np.ndarray) -> None:
    """Draw the curves of a run's seeds, and their mean."""
    look: dict = {"color": SEVERAL[number % len(SEVERAL)], "ls": STYLES[number % len(STYLES)]}
    for seed_x, seed_y in zip(x, y, strict=True) if len(y) > 1 else ():
        axes.plot(seed_x, seed_y, lw=0.7, alpha=0.35, **look)
    axes.plot(x.mean(axis=0), y.mean(axis=0), lw=1.8, label=shorten(name, NAMES - 50, SMALL), **look)

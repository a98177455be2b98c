"""Learning curves: loss and error against the epoch (the data of a run's metrics.csv)."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from minialex.plots.figure import Picture
from minialex.plots.style import BLUE, BODY, INK, ORANGE, QUIET, RULE, SMALL

NEEDED = ("epoch", "lr", "train_loss", "train_error", "val_loss", "val_error")
WIDTH, HEIGHT = 360, 240  # of a panel, in pixels
NEAR = 1.5  # chance level is marked up to so many times the highest value
LABEL = 60  # the height reserved for the labels of the rates


def curves(history: list[dict], *, title: str = "", classes: int | None = None) -> Figure:
    """Draw loss and error of training and validation against the epoch.

    A thin line marks each division of the learning rate by 2 or more, at the last epoch of the old rate, and
    is labelled with the new rate. The last and the best validation error are written beside the error's curve.
    Where the curves are near it, a dotted line marks chance level: the loss and error of equal probabilities.
    Args:   history, one dict an epoch (see read_history); errors are fractions, NaN where not measured; title, above
            it; classes, their number, for chance level (None: no line).
    Errors: ValueError if history is empty, lacks a column, or contains an error that is not a fraction.
    """
    columns = checked_columns(history)
    epoch, lr = columns["epoch"], columns["lr"]
    divided = np.flatnonzero(lr[1:] <= lr[:-1] / 2)  # the last epoch at each old rate
    figure = Picture(900, 330, title)
    for left, what, name, unit in ((46, "loss", "Loss", 1), (446, "error", "Error (%)", 100)):
        axes = figure.panel(left, 44, WIDTH, HEIGHT)
        axes.set_title(name, loc="left", fontsize=BODY, color=INK, pad=10)
        pair = columns[f"train_{what}"] * unit, columns[f"val_{what}"] * unit
        draw_lines(axes, epoch, *pair)
        set_scales(axes, pair, after=divided[0] if divided.size else len(epoch))
        mark_divisions(axes, epoch, lr, divided)
        if classes:
            mark_chance(axes, np.log(classes) if what == "loss" else 100 * (1 - 1 / classes))
    write_errors(axes, epoch, columns["val_error"] * 100)
    position: dict = {"loc": "lower right", "bbox_to_anchor": (1.02, 1.01), "ncols": 2, "frameon": False}
    figure.axes[0].legend(**position, fontsize=SMALL, labelcolor=INK)
    return figure


def checked_columns(history: list[dict]) -> dict[str, np.ndarray]:
    """Return the history as one array a column, once its epochs are known to be complete."""
    if not history:
        raise ValueError("history is empty: curves need at least one epoch")
    for row in history:
        missing = [name for name in NEEDED if name not in row]
        if missing:
            raise ValueError(f"an epoch of history lacks {', '.join(missing)}; each needs {', '.join(NEEDED)}")
    columns = {name: np.array([row[name] for row in history], dtype=float) for name in NEEDED}
    for name in ("train_error", "val_error"):
        wrong = columns[name][(columns[name] < 0) | (columns[name] > 1)]
        if wrong.size:
            raise ValueError(f"{name} must be a fraction between 0 and 1, not {wrong[0]:g}")
    return columns


def draw_lines(axes: Axes, epoch: np.ndarray, train: np.ndarray, val: np.ndarray) -> None:
    """Draw the two curves through the epochs that were measured, with markers where these are few."""
    for values, colour, name in ((train, BLUE, "training"), (val, ORANGE, "validation")):
        measured = np.isfinite(values)
        marker = "o" if measured.sum() <= 20 else ""
        axes.plot(epoch[measured], values[measured], color=colour, lw=1.4, marker=marker, ms=3.5, label=name)
    axes.set_xlabel("Epoch", fontsize=BODY, color=INK)
    axes.grid(axis="y", color=RULE, lw=0.5, alpha=0.6)
    axes.set_axisbelow(True)


def set_scales(axes: Axes, pair: tuple[np.ndarray, np.ndarray], after: int) -> None:
    """Set integer ticks of epochs, and a range from 0 in which the curves stay below the labels from `after` on."""
    values = np.where(np.isfinite(pair), pair, 0)
    below = 1 - LABEL / HEIGHT
    axes.set_ylim(0, max(1.06 * values.max(), values[:, after:].max(initial=0) / below) or 1)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, steps=(1, 2, 5, 10), min_n_ticks=1))


def mark_divisions(axes: Axes, epoch: np.ndarray, lr: np.ndarray, divided: np.ndarray) -> None:
    """Draw a thin vertical line with the new rate at each division."""
    first, last = axes.get_xlim()
    distance = 14 / WIDTH * (last - first)  # labels nearer than 14 pixels would overlap: the second is left out
    labelled = -np.inf
    for i in divided:
        axes.axvline(epoch[i], color=QUIET, lw=0.6, zorder=1)
        if epoch[i] - labelled >= distance:
            labelled = epoch[i]
            label = axes.annotate(
                f"lr {lr[i + 1]:g}", (epoch[i], 1), (2, 0), ("data", "axes fraction"), "offset points"
            )
            label.set(rotation=90, va="top", fontsize=SMALL, color=QUIET)


def mark_chance(axes: Axes, level: float) -> None:
    """Draw a dotted line at chance level, unless it is far above the curves; its name is in a free corner."""
    curves = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in axes.lines[:2]])
    highest = curves[np.isfinite(curves)].max(initial=0)
    if level > NEAR * highest:
        return
    axes.axhline(level, color=QUIET, lw=0.8, ls=":", zorder=1)
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.1 * level))
    where: dict = {"ha": "right", "va": "bottom", "transform": axes.get_yaxis_transform()}
    axes.text(0.99, level, "chance level", fontsize=SMALL, color=QUIET, **where)


def write_errors(axes: Axes, epoch: np.ndarray, error: np.ndarray) -> None:
    """Write the last and the best validation error, in percent, to the right of the curve's end."""
    measured = np.flatnonzero(np.isfinite(error))
    if not measured.size:
        return
    last, best = measured[-1], measured[np.argmin(error[measured])]
    axes.plot(epoch[best], error[best], "o", ms=6, mfc="white", mec=ORANGE, mew=1.4, zorder=3)
    text = f"last {error[last]:.1f} %\nbest {error[best]:.1f} %\n(epoch {epoch[best]:.0f})"
    height = np.clip(error[last] / axes.get_ylim()[1], 0.08, 0.92)
    axes.text(1.02, height, text, transform=axes.transAxes, va="center", fontsize=SMALL, color=ORANGE)

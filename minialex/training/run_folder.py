"""The folder of a run: its files, written and opened.

config.json      its settings                          curves.png         loss and error by epoch
metrics.csv      one line an epoch                     filters.png        the first layer's kernels
checkpoint.npz   all that --resume needs               predictions.png    images with their most probable labels
best.npz         weights of the lowest validation error
"""

import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.data import Dataset, Split
from minialex.devices.mpi import is_first
from minialex.models import merge_groups
from minialex.sequential import Sequential
from minialex.training.averaging import WeightAverage
from minialex.training.checkpoint import save_checkpoint, save_weights
from minialex.training.config import RunConfig
from minialex.training.evaluate import probabilities
from minialex.training.history import write_history
from minialex.training.opened import Run
from minialex.training.sgd import SGD


def check_run_folder(out: Path, resume: bool) -> None:
    """Check that the run may be kept in this folder, and that the folder holds no other run."""
    advice = "choose another --out"
    if out.exists() and not out.is_dir():
        raise expected(out, "a folder for the run", "a file", advice)
    if not resume and any((out / name).exists() for name in ("checkpoint.npz", "best.npz")):
        raise ValueError(f"{out}: expected a new folder, it holds a run already; {advice}, or add --resume")
    existing = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not os.access(existing, os.W_OK):  # now, rather than when all is loaded and perhaps prepared
        raise expected(out, "a folder that may be written to", "none", advice, PermissionError)


def free_folder(parent: Path, names: Iterable[str]) -> Path:
    """Return parent/NAME-1, or with the first number that no folder has."""
    stem = "-".join(names)
    return next(folder for n in count(1) if not (folder := parent / f"{stem}-{n}").exists())


def begin_folder(config: RunConfig, out: Path) -> None:
    """Make the run's folder with its settings; of several ranks the first does."""
    if is_first():
        out.mkdir(parents=True, exist_ok=True)
        config.write(out)


def keep(
    config: RunConfig, out: Path, net: Sequential, sgd: SGD, history: list[dict], average: WeightAverage | None = None
) -> None:  # fmt: skip
    """Update the run's folder after an epoch; the checkpoint first, since the other files follow from it.

    Every rank must call it: what they have is collected, and the first writes it.
    """
    save_checkpoint(out / "checkpoint.npz", net, sgd, history, average)
    if history[-1]["val_error"] <= min(row["val_error"] for row in history):
        save_weights(out / "best.npz", net)
    if not is_first():
        return
    from minialex.plots import curves, save  # late: matplotlib takes half a second, and `import minialex` must not

    write_history(out / "metrics.csv", history)
    save(curves(history, title=title_of(config, history), classes=len(config.classes)), out / "curves.png")


def title_of(config: RunConfig, history: list[dict]) -> str:
    """Return the title of a run's pictures: model, data, and the error of its best net."""
    best = min(history, key=lambda row: row["val_error"])
    error = f"validation error {best['val_error']:.1%} after epoch {best['epoch']}"
    return f"{config.model} on {Path(config.data).name}, {error}"


def draw_net(run: Run, dataset: Dataset) -> None:
    """Draw the best net: its first kernels, and its predictions for eight validation images."""
    from minialex.plots import filters, predictions, save  # late: matplotlib

    W = first_kernels(run.net)
    title = title_of(run.config, run.history)
    named = f"{title}: kernels of the first layer"
    save(filters(W, group_size=len(W) // run.config.recipe.groups, title=named), run.folder / "filters.png")
    some = np.linspace(0, len(dataset.val) - 1, min(8, len(dataset.val))).astype(int)
    images, labels = dataset.val.images[some], dataset.val.labels[some]
    batches = probabilities(run.net, Split(images, labels), crop=run.config.image_size)
    p = np.concatenate([p for p, _ in batches])
    save(predictions(images, p, run.classes, labels, title=title), run.folder / "predictions.png")


def first_kernels(net: Sequential) -> np.ndarray:
    """Return the kernels of the first convolution, those of all groups."""
    return next(value for value in merge_groups(net.state()).values() if value.ndim == 4)

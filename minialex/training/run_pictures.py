"""The pictures of a run: its learning curves after each epoch, its kernels and predictions at the end."""

from pathlib import Path

import numpy as np

from minialex.data import Dataset, Split
from minialex.models import merge_groups
from minialex.sequential import Sequential
from minialex.training.config import RunConfig
from minialex.training.evaluate import probabilities
from minialex.training.opened import Run


def draw_curves(config: RunConfig, out: Path, history: list[dict]) -> None:
    """Draw loss and error by epoch."""
    from minialex.plots import curves, save  # late: matplotlib takes half a second, and `import minialex` must not

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

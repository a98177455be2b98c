"""A run: one training, kept in a folder.

config.json      what was asked for                    curves.png         loss and error by epoch
metrics.csv      one line an epoch                     filters.png        the first layer's kernels
checkpoint.npz   all that --resume needs               predictions.png    images with their likeliest labels
best.npz         weights of the lowest validation error
"""

import json
import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from minialex.data import Dataset, Split
from minialex.devices.names import devices_from
from minialex.files.atomic import whole_file
from minialex.models import build, merge_groups, recipe
from minialex.sequential import Sequential
from minialex.training.checkpoint import load_checkpoint, load_weights, save_checkpoint, save_weights
from minialex.training.config import read_config
from minialex.training.evaluate import probabilities
from minialex.training.history import write_history
from minialex.training.loop import fit
from minialex.training.run_data import augmentation_of, load_data
from minialex.training.schedule import Fixed, Plateau
from minialex.training.sgd import SGD


def train_run(config: dict[str, Any], out: Path, *, resume: bool = False) -> list[dict]:
    """Trains as `config` says (the keys of config.json) and keeps the run in the folder `out`; returns the history.

    The folder is made once data and net are there, and kept up to date after each epoch, so that whatever stops the
    run loses one epoch at most.

    Errors: ValueError if `out` holds a run already; Diverged if the loss is no longer finite.
    """
    check_folder(out, resume)
    dataset = load_data(config, out, limit=config["limit"])
    config = {**config, "classes": list(dataset.classes)}
    rng = np.random.default_rng(config["seed"])
    net = net_of(config, rng)
    sgd = sgd_of(config, net)
    history: list[dict] = []
    mean = None
    if resume:
        history, mean = load_checkpoint(out / "checkpoint.npz", net, sgd)
        if len(history) > config["epochs"]:
            done = f"{len(history)} epochs at least, which are done"
            raise ValueError(f"{out}: expected {done}, got {config['epochs']}; leave out --epochs, or ask for more")
    mean = dataset.mean_image() if mean is None else mean
    out.mkdir(parents=True, exist_ok=True)
    with whole_file(out / "config.json") as file:
        file.write((json.dumps(config, indent=2) + "\n").encode())
    if resume:
        keep(out, net, sgd, history, mean)  # the files that a kill kept from being written after the checkpoint
    history = fit(
        net, dataset.train, dataset.val, sgd=sgd, epochs=config["epochs"], rng=rng, schedule=schedule_of(config),
        batch=config["batch"], mean=mean, augment=augmentation_of(config, dataset), history=history,
        after_epoch=lambda rows: keep(out, net, sgd, rows, mean),
    )  # fmt: skip
    draw_net(out, open_run(out), dataset)
    return history


def check_folder(out: Path, resume: bool) -> None:
    """Checks that the run has a folder to itself."""
    if out.exists() and not out.is_dir():
        raise ValueError(f"{out}: expected a folder for the run, got a file; choose another --out")
    if not resume and any((out / name).exists() for name in ("checkpoint.npz", "best.npz")):
        raise ValueError(f"{out}: expected a new folder, it holds a run already; choose another --out, or add --resume")
    there = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not os.access(there, os.W_OK):  # now, rather than when all is loaded and perhaps prepared
        raise PermissionError(f"{out}: expected a folder that may be written to, got none; choose another --out")


def sgd_of(config: dict, net: Sequential) -> SGD:
    """The update rule, with the rates of the model's recipe where the config does not say otherwise."""
    r, lr = recipe(config["model"], config["preset"]), config["lr"]
    bias_lr = r.bias_lr * lr / r.lr  # a rate that is asked for keeps the recipe's ratio
    return SGD(net, lr, r.momentum, r.weight_decay, bias_lr, r.bias_decay, divide_bias_lr=r.divide_bias_lr)


def schedule_of(config: dict) -> Fixed | Plateau:
    """Fixed epochs where the config or the recipe names some; else the paper's plateau."""
    after = config["divide_after"] or recipe(config["model"], config["preset"]).divide_after
    return Fixed(tuple(after)) if after else Plateau()


def net_of(config: dict, rng: np.random.Generator) -> Sequential:
    devices = devices_from(config["devices"], config["workers"])
    options = {"classes": len(config["classes"]), "image_size": config["image_size"]}
    return build(config["model"], devices, rng=rng, preset=config["preset"], **options)


def keep(out: Path, net: Sequential, sgd: SGD, history: list[dict], mean: np.ndarray) -> None:
    """Brings the run's folder up to date after an epoch; the checkpoint first, since the rest follows from it."""
    from minialex.plots import curves, save  # late: matplotlib takes half a second, and `import minialex` must not

    save_checkpoint(out / "checkpoint.npz", net, sgd, history, mean)
    if history[-1]["val_error"] <= min(row["val_error"] for row in history):
        save_weights(out / "best.npz", net, mean)
    write_history(out / "metrics.csv", history)
    save(curves(history), out / "curves.png")


def draw_net(out: Path, run: "Run", dataset: Dataset) -> None:
    """The pictures of the best net: its first kernels, and what it says of eight validation images."""
    from minialex.plots import filters, predictions, save

    W = first_kernels(run.net)
    groups = recipe(run.config["model"], run.config["preset"]).groups
    save(filters(W, group_size=len(W) // groups), out / "filters.png")
    some = np.linspace(0, len(dataset.val) - 1, min(8, len(dataset.val))).astype(int)
    images, labels = dataset.val.images[some], dataset.val.labels[some]
    some_images, size = Split(images, labels), run.config["image_size"]
    p = np.concatenate([p for p, _ in probabilities(run.net, some_images, mean=run.mean, crop=size)])
    save(predictions(images, p, run.classes, labels), out / "predictions.png")


def first_kernels(net: Sequential) -> np.ndarray:
    return next(value for value in merge_groups(net.state()).values() if value.ndim == 4)


class Run(NamedTuple):
    """A finished or running training, opened for use: the net with its best weights."""

    folder: Path
    config: dict
    net: Sequential
    mean: np.ndarray
    classes: list[str]


def open_run(folder: Path, **changes) -> Run:
    """The run in a folder, its net in evaluation mode; `changes` replace entries of the config (devices, workers)."""
    config = {**read_config(folder), **changes}
    net = net_of(config, np.random.default_rng(0))
    mean = load_weights(folder / "best.npz", net)
    net.eval()
    return Run(folder, config, net, mean, config["classes"])


def free_folder(parent: Path, names: Iterable[str]) -> Path:
    """parent/NAME-1, or the first number that is not taken."""
    stem = "-".join(names)
    return next(folder for n in count(1) if not (folder := parent / f"{stem}-{n}").exists())

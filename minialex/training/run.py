"""A run: one training, kept in a folder (`run_folder.py` lists its files)."""

from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.sequential import Sequential
from minialex.training.checkpoint import load_checkpoint
from minialex.training.config import RunConfig
from minialex.training.loop import fit
from minialex.training.opened import load_run
from minialex.training.run_data import augmentation_of, fitted_to, inputs_of, load_data
from minialex.training.run_folder import check_run_folder, draw_net, keep
from minialex.training.schedule import Fixed, Plateau
from minialex.training.sgd import SGD


def train_run(config: RunConfig, out: Path, *, resume: bool = False) -> list[dict]:
    """Train a net with these settings, keep the run in the folder `out`, and return the history.

    The folder is made once data and net are loaded, and updated after each epoch, so that whatever stops the
    run loses one epoch at most. A resumed run continues from `out`, bit for bit as if it had never stopped.

    Errors: ValueError if `out` holds a run already; Diverged if the loss is no longer finite.
    """
    check_run_folder(out, resume)
    dataset = load_data(config, out, limit=config.limit)
    config = fitted_to(config, dataset)
    rng = np.random.default_rng(config.seed)
    net = config.build(rng)
    sgd = sgd_of(config, net)
    history = continued(out, net, sgd, config.epochs) if resume else []
    mean, std = (net.input_mean, net.input_std) if resume else inputs_of(config, dataset)
    out.mkdir(parents=True, exist_ok=True)
    config.write(out)
    if resume:
        keep(out, net, sgd, history)  # the files that a kill kept from being written after the checkpoint
    history = fit(
        net, dataset.train, dataset.val, sgd=sgd, epochs=config.epochs, rng=rng, schedule=schedule_of(config),
        batch=config.batch, mean=mean, std=std, augment=augmentation_of(config, dataset), history=history,
        after_epoch=lambda rows: keep(out, net, sgd, rows),
    )  # fmt: skip
    draw_net(load_run(out, config), dataset)
    return history


def continued(out: Path, net: Sequential, sgd: SGD, epochs: int) -> list[dict]:
    """Load the checkpoint of a stopped run into the net and its update rule, and return its history."""
    history = load_checkpoint(out / "checkpoint.npz", net, sgd)
    if len(history) > epochs:
        done = f"{len(history)} epochs at least, which are done"
        raise expected(out, done, epochs, "leave out --epochs, or ask for more")
    return history


def sgd_of(config: RunConfig, net: Sequential) -> SGD:
    """Return the update rule; another learning rate than the recipe's keeps the recipe's ratio for the biases."""
    r, lr = config.recipe, config.lr
    return SGD(
        net, lr, r.momentum, r.weight_decay, r.bias_lr * lr / r.lr, r.bias_decay, divide_bias_lr=r.divide_bias_lr
    )


def schedule_of(config: RunConfig) -> Fixed | Plateau:
    """Return the schedule: fixed epochs where settings or recipe name some, else the paper's plateau."""
    after = config.divide_after or config.recipe.divide_after
    return Fixed(tuple(after)) if after else Plateau()

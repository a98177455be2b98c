"""A run: one training, kept in a folder (`run_folder.py` lists its files)."""

import sys
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.data import Dataset
from minialex.devices.mpi import is_first
from minialex.models import whiten
from minialex.sequential import Sequential
from minialex.training.averaging import WeightAverage
from minialex.training.checkpoint import load_checkpoint
from minialex.training.config import RunConfig
from minialex.training.frozen import freeze
from minialex.training.loop import fit
from minialex.training.named_averages import average_named
from minialex.training.opened import load_run
from minialex.training.rules import check_rules, loss_of, schedule_of, sgd_of
from minialex.training.run_data import augmentation_of, first_inputs, fitted_to, inputs_of, load_data
from minialex.training.run_folder import begin_folder, check_run_folder, draw_net, keep
from minialex.training.run_text import run_text
from minialex.training.sgd import SGD
from minialex.training.transfer import begin_with_weights


def train_run(config: RunConfig, out: Path, *, resume: bool = False, progress: bool = True) -> list[dict]:
    """Train a net with these settings, keep the run in the folder `out`, and return the history.

    The folder is made once data and net are loaded, and updated after each epoch, so that whatever stops the
    run loses one epoch at most. A resumed run continues from `out`, bit for bit as if it had never stopped; one that
    was stopped in its first epoch starts anew. `progress` prints what is trained, and a line an epoch.

    Errors: ValueError if `out` holds a run already; Diverged if the loss is no longer finite.
    """
    check_rules(config)
    check_run_folder(out, resume)
    dataset = load_data(config, out, limit=config.limit)
    config = fitted_to(config, dataset)
    rng = np.random.default_rng(config.seed)
    net = config.build(rng)
    freeze(net, config.freeze)
    sgd, average = sgd_of(config, net), average_named(config.average)
    history = continued(out, net, sgd, average, config.epochs) if resume else []
    text = {} if history else begin(config, net, dataset)
    begin_folder(config, out)
    if progress:
        print(run_text(config, dataset, net, out, text), flush=True)
    if history:  # the files that a kill kept from being written after the checkpoint
        keep(config, out, net, sgd, history, average)
    history = fit(
        net, dataset.train, dataset.val, sgd=sgd, loss=loss_of(config), schedule=schedule_of(config), rng=rng,
        epochs=config.epochs, batch=config.batch, mean=net.input_mean, std=net.input_std,
        augment=augmentation_of(config, dataset), average=average, history=history,
        after_epoch=lambda rows: keep(config, out, net, sgd, rows, average), progress=progress,
    )  # fmt: skip
    if is_first():
        draw_net(load_run(out, config.in_one_process()), dataset)
    return history


def begin(config: RunConfig, net: Sequential, dataset: Dataset) -> dict[str, str]:
    """Set what is done to the images, and the weights that the run begins with; return what is to be said of these."""
    if config.weights is not None:
        return begin_with_weights(config, net, dataset.train.images.shape[1:])
    net.input_mean, net.input_std = inputs_of(config, dataset)
    if layer := config.recipe.whiten:
        whiten(net[layer], first_inputs(dataset.train, net.input_mean, net.input_std))
    return {}


def continued(
    out: Path, net: Sequential, sgd: SGD, average: WeightAverage | None, epochs: int
) -> list[dict]:  # fmt: skip
    """Load the checkpoint of a stopped run into the net and its update rule, and return its history.

    A run that was stopped in its first epoch has none yet: it starts anew, which a line on stderr says.
    """
    if not any((out / name).exists() for name in ("checkpoint.npz", "best.npz")):
        print(f"{out}: no epoch was finished there; the run starts anew", file=sys.stderr)
        return []
    history = load_checkpoint(out / "checkpoint.npz", net, sgd, average)
    if len(history) > epochs:
        done = f"{len(history)} epochs at least, which are done"
        raise expected(out, done, epochs, "leave out --epochs, or ask for more")
    return history

"""A run: one training, kept in a folder (`run_folder.py` lists its files)."""

from functools import partial
from pathlib import Path

import numpy as np

from minialex.checks import check_numbers
from minialex.data import Dataset
from minialex.devices.first import on_first
from minialex.devices.mpi import is_first
from minialex.devices.names import are_ranks
from minialex.interrupts import Stop
from minialex.models import whiten
from minialex.ranks import of_ranks
from minialex.sequential import Sequential
from minialex.training.averaging import WeightAverage
from minialex.training.checkpoint import Kept
from minialex.training.config import RunConfig
from minialex.training.divergence import Diverged
from minialex.training.frozen import freeze
from minialex.training.keeper import MINUTES, Keeper
from minialex.training.loop import fit
from minialex.training.named_averages import average_named
from minialex.training.opened import load_run
from minialex.training.resuming import continued
from minialex.training.room import check_batch_fits
from minialex.training.rules import check_rules, loss_of, schedule_of, sgd_of
from minialex.training.run_data import augmentation_of, first_inputs, fitted_to, inputs_of, load_data
from minialex.training.run_folder import check_run_folder, follow, held_folder, keep, save_newest
from minialex.training.run_pictures import draw_net
from minialex.training.run_text import run_text
from minialex.training.sgd import SGD
from minialex.training.transfer import begin_with_weights


def train_run(
    config: RunConfig, out: Path, *, resume: bool = False, progress: bool = True, minutes: float = MINUTES,
    accept_edits: bool = False, check_finite: bool = False,
) -> list[dict]:  # fmt: skip
    """Train a net with these settings, keep the run in the folder `out`, and return the history.

    The folder is updated after each epoch, and a checkpoint written every so many `minutes`. Ctrl-C, SIGTERM and
    SIGHUP end the run with a checkpoint after the running step, a second one at once. A resumed run continues from
    `out`, bit for bit as if it had never stopped. `progress` prints what is trained, and a line an epoch.

    Args:   accept_edits, whether to go on with a config.json or metrics.csv that is not what the checkpoint contains;
            check_finite, whether to look at what every layer computes.
    Errors: ValueError if `out` holds a run already; RuntimeError if another process trains there; Diverged if the loss
            is no longer finite; Stopped (a KeyboardInterrupt) after a signal.
    """
    check_rules(config)
    check_numbers("train_run", 0, float("inf"), minutes=minutes)
    check_run_folder(out, resume)
    config.named_devices()  # which may be refused, before the folder is made
    over_ranks = are_ranks(config.devices)
    with on_first(held_folder(out)) if over_ranks else held_folder(out):
        check_run_folder(out, resume)  # another may have trained there meanwhile
        dataset = load_data(config, out, limit=config.limit)
        config = fitted_to(config, dataset)
        rng = np.random.default_rng(config.seed)
        net = config.build(rng)
        check_batch_fits(net, (config.channels, config.image_size, config.image_size), config.batch)
        freeze(net, config.freeze)
        sgd, average = sgd_of(config, net), average_named(config.average)
        kept = continued(out, config, net, sgd, average, accept_edits=accept_edits) if resume else Kept([])
        text = begin(config, net, dataset) if kept == Kept([]) else {}
        config.write(out)
        if progress:
            print(run_text(config, dataset, net, out, text), flush=True)
        if kept.history:  # the files that a kill kept from being written after the checkpoint
            follow(config, out, net, kept.history, begun=kept.position.step > 0)
        history = go_on(config, out, net, sgd, average, rng, dataset, kept, minutes, check_finite, progress)
        if is_first():
            draw_net(load_run(out, config.in_one_process()), dataset)
        return history


def go_on(
    config: RunConfig, out: Path, net: Sequential, sgd: SGD, average: WeightAverage | None, rng: np.random.Generator,
    dataset: Dataset, kept: Kept, minutes: float, check_finite: bool, progress: bool,
) -> list[dict]:  # fmt: skip
    """Train from the beginning or a checkpoint to the end, keeping the run in its folder."""
    with Stop(quiet=not is_first()) as stop:
        keeper = Keeper(
            lambda kept: save_newest(config, out, net, sgd, kept, average),
            lambda history: keep(config, out, net, sgd, history, average),
            kept, minutes, stop, partial(of_ranks, net),
        )  # fmt: skip
        try:
            return fit(
                net, dataset.train, dataset.val, sgd=sgd, loss=loss_of(config), schedule=schedule_of(config), rng=rng,
                epochs=config.epochs, batch=config.batch, mean=net.input_mean, std=net.input_std,
                augment=augmentation_of(config, dataset), average=average, history=kept.history, position=kept.position,
                after_epoch=keeper.after_epoch, after_step=keeper.after_step, check_finite=check_finite,
                progress=progress,
            )  # fmt: skip
        except Diverged as error:
            raise Diverged(f"{error}; {keeper.remains()}") from None


def begin(config: RunConfig, net: Sequential, dataset: Dataset) -> dict[str, str]:
    """Set what is done to the images, and the weights that the run begins with; return what is to be said of these."""
    if config.weights is not None:
        return begin_with_weights(config, net, dataset.train.images.shape[1:])
    net.input_mean, net.input_std = inputs_of(config, dataset)
    if layer := config.recipe.whiten:
        whiten(net[layer], first_inputs(dataset.train, net.input_mean, net.input_std))
    return {}

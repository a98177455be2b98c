"""The text before a training: the model, the images, the steps, the folder, and the meaning of each epoch's line."""

import math
import textwrap
from pathlib import Path

from minialex.data import Dataset
from minialex.data.loading import KNOWN
from minialex.devices.mpi import place
from minialex.sequential import Sequential
from minialex.training.config import RunConfig
from minialex.training.progress import WIDTH
from minialex.training.rules import rule_text

LARGE = 128  # pixels: nets for images of this size ...
SLOW = 2000  # ... and more need some thousand steps


def run_text(config: RunConfig, dataset: Dataset, net: Sequential, out: Path, more: dict[str, str]) -> str:
    """Return what is trained, on which images, where, for how long, and what the columns of each epoch mean.

    Args:   more, further lines: what a run that begins with weights does with them.
    """
    parameters = sum(math.prod(layer.params[key].shape) for _, layer, key in net.parameters())
    steps = math.ceil(len(dataset.train) / config.batch)
    dropout = ", with dropout" if any(layer.rng for _, layer in net.walk()) else ""
    rows = {
        "model": f"{config.model}, {parameters:,} parameters, on {devices_text(config)}",
        "data": f"{Path(config.data).name}, {len(dataset.classes)} classes",
        "images": f"{len(dataset.train):,} for training, {len(dataset.val):,} for validation, {size_text(config)}",
        "run": f"{several(config.epochs, 'epoch')} of {several(steps, 'step')}, rate (lr) {config.lr:g}; kept in {out}",
        "errors": f"train: while learning{dropout}; val: on the validation images",
    }
    if rule := rule_text(config):
        rows["rule"] = rule
    rows |= more
    if config.freeze:
        rows["frozen"] = ", ".join(config.freeze)
    if hint := few_steps(config, len(dataset.train), steps):
        rows["hint"] = hint
    wrap = textwrap.TextWrapper(WIDTH, subsequent_indent=8 * " ", break_on_hyphens=False, break_long_words=False)
    return "\n".join(wrap.fill(f"{name:<8}{text}") for name, text in rows.items())


def several(n: int, what: str) -> str:
    """Return a number of things: "1 step", "40 steps"."""
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def devices_text(config: RunConfig) -> str:
    """Return the devices, with the threads where their number was chosen."""
    devices = f"{place().size} ranks, split {config.split}" if config.devices == "ranks" else config.devices
    return devices + (f", {several(config.workers, 'thread')} each" if config.workers else "")


def size_text(config: RunConfig) -> str:
    """Return the size of the net's images, and how they come to it."""
    side, scale = config.image_size, config.scale
    made = "" if config.data in KNOWN else "rescaled to " if side == scale else f"cut out of {scale} x {scale}: "
    other = "" if config.data in KNOWN else " (--image-size)"
    return f"{made}{side} x {side} pixels{other}"


def few_steps(config: RunConfig, images: int, steps: int) -> str:
    """Return a hint where a large net gets so few steps that its loss will hardly move; else nothing."""
    if config.weights or config.recipe.image_size < LARGE or steps * config.epochs >= SLOW:
        return ""
    return (
        f"{images:,} images are {steps:,} steps an epoch, {steps * config.epochs:,} in all; the loss of {config.model} "
        "moves after some hundred to some thousand steps: train --model small_alexnet --image-size 64, more --epochs, "
        "or begin with weights that others trained (docs/weights.md)"
    )

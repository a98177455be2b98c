"""The runs of `recipes`: trained by a model's recipe or by a shorter one, and evaluated after their last epoch."""

import sys
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.lab.frame.settings import Settings
from minialex.models import Recipe, recipe
from minialex.training.checkpoint import load_checkpoint
from minialex.training.config import RunConfig
from minialex.training.history import read_history
from minialex.training.opened import Run
from minialex.training.run import sgd_of, train_run
from minialex.training.run_data import load_data


def trained(settings: Settings, model: str, seed: int) -> tuple[RunConfig, Path]:
    """Train a model, or go on with its run, and return its settings and its folder."""
    folder = settings.out / (model if seed == 0 else f"{model}-seed-{seed}")
    there = (folder / "config.json").is_file()
    config = RunConfig.read(folder) if there else new_config(settings, model, seed)
    if config.model != model:
        raise expected(folder, f"a run of {model}", f"one of {config.model}", "choose another --out")
    asked = settings.epochs or recipe(model).epochs
    if config.epochs != asked:
        print(f"{folder}: a run of {config.epochs} epochs, kept as it is, not {asked}", file=sys.stderr)
    table = folder / "metrics.csv"
    if not (table.is_file() and len(read_history(table)) >= config.epochs):
        with redirect_stdout(sys.stderr):  # stdout is for the table
            train_run(config, folder, resume=there)
    return RunConfig.read(folder), folder


def new_config(settings: Settings, model: str, seed: int) -> RunConfig:
    """Return the settings of a run by the model's recipe, or of a shorter one."""
    shorter = {}
    if settings.epochs:
        shorter = {"epochs": settings.epochs, "divide_after": divisions(recipe(model), settings.epochs) or None}
    return RunConfig.new(model=model, data=settings.data, limit=settings.limit, seed=seed, **shorter)


def divisions(full: Recipe, epochs: int) -> tuple[int, ...]:
    """Return after which of so many epochs the rate is divided: each rate has its share of them, one at least.

    recipe: 140 epochs, divided after 120 and 130;  25 epochs: after 21 and 23;  3 epochs: after 1 and 2
    """
    ends = [*full.divide_after[1:], full.epochs]
    lengths = [end - start for start, end in zip(full.divide_after, ends, strict=True)]
    shares = [max(1, round(length * epochs / full.epochs)) for length in lengths]
    starts = [epochs - sum(shares[i:]) for i in range(len(shares))]
    return tuple(start for start in starts if start > 0)


def errors(config: RunConfig, folder: Path) -> dict[str, float]:
    """Return the errors after the last epoch, with one view and with ten, and how many images were learned from."""
    net = config.build(np.random.default_rng(0))
    history = load_checkpoint(folder / "checkpoint.npz", net, sgd_of(config, net)).history
    dataset = load_data(config, folder, limit=config.limit)
    run = Run(folder, config, net.eval())
    one, ten = (run.evaluate(dataset.val, views=views)["top1_error"] for views in (1, 10))
    seen, hours = len(history) * len(dataset.train), sum(row["seconds"] for row in history) / 3600
    return {"one": one, "ten": ten, "seen": seen, "hours": hours, "test images": len(dataset.val)}

"""The images of a run: those for training and those for validation, and their augmentation."""

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from minialex.checks import abridged, expected
from minialex.data import Augmentation, Dataset, Split, batches, channel_statistics, load
from minialex.data.augmentation import augmentation
from minialex.data.loading import KNOWN
from minialex.devices.first import first_before_others
from minialex.training.config import RunConfig

FIRST = 2000  # images, whose two million patches are enough for kernels that whiten
SPLITS = ("train", "val", "test")  # the images for validation are in val or in test


def load_data(
    config: RunConfig,
    run: Path,
    *,
    other: str | None = None,
    limit: int | None = None,
    reported: Sequence[str] = SPLITS,
) -> Dataset:
    """Load the images of the run in this folder, or others, at the run's size.

    Args:   other, data to use instead of the run's; limit, images of each split; reported, the splits whose
            unreadable files are named on stderr.
    Errors: FileNotFoundError if the images are gone; ValueError if they have other classes than the run.
    """
    source = other or config.data
    if source not in KNOWN and not Path(source).exists():
        raise expected(
            run,
            f"the run's images in {source}",
            "a path that is absent",
            f"put them back, write their new location into {run / 'config.json'}, or evaluate with --data",
            FileNotFoundError,
        )
    with first_before_others() if source not in KNOWN else nullcontext():  # the first may prepare a folder's images
        dataset = load(source, image_size=config.scale, limit=limit)
    if lost := tuple(name for name in dataset.unreadable if name.split("/")[0] in reported):
        print(f"{dataset.name}: images that could not be read are left out, {abridged(lost, 5)}", file=sys.stderr)
    if config.classes:
        check_same_classes(config.classes, tuple(dataset.classes), source)
        if dataset.channels != config.channels:
            what, advice = f"images of {config.channels} channels, as the run's", "use images of the same kind"
            raise expected(source, what, dataset.channels, advice)
    return dataset


def check_same_classes(known: tuple[str, ...], got: tuple[str, ...], source: str) -> None:
    """Check that data have the classes of the run, in its order; the message names those that differ."""
    if known != got:
        what = f"the run's {len(known)} classes"
        raise expected(source, what, other_classes_text(known, got), "use images of the same")


def other_classes_text(known: tuple[str, ...], got: tuple[str, ...]) -> str:
    """Return how many classes there are, and which of the known ones are lacking and which are extra."""
    lacking, extra = (tuple(name for name in a if name not in b) for a, b in ((known, got), (got, known)))
    named = ((word, abridged(names, 5)) for word, names in (("lacking", lacking), ("extra", extra)) if names)
    return f"{len(got)}, {', '.join(map(' '.join, named)) or 'in another order'}"


def fitted_to(config: RunConfig, dataset: Dataset) -> RunConfig:
    """Return the settings with the classes and channels of the data; augmentation that needs colours is left out."""
    augment, channels = config.augment, dataset.channels
    if channels != 3 and any("colour" in name for name in augment):
        augment = tuple(name for name in augment if "colour" not in name)
        print(f"{dataset.name}: augmentation without colour, which needs 3 channels, not {channels}", file=sys.stderr)
    return replace(config, classes=tuple(dataset.classes), channels=channels, augment=augment)


def inputs_of(config: RunConfig, dataset: Dataset) -> tuple[np.ndarray, Any]:
    """Return the mean that is subtracted from the run's images, and the deviation that divides them."""
    return channel_statistics(dataset.train.images) if config.standardize else (dataset.mean_image(), 1.0)


def first_inputs(split: Split, mean: np.ndarray, std) -> np.ndarray:
    """Return some images, as many of each class, as a net reads them: float32 (N, C, H, W)."""
    some = split.limit(FIRST)
    return next(batches(some, len(some), mean=mean, std=std))[0]


def augmentation_of(config: RunConfig, dataset: Dataset) -> Augmentation:
    """Return the augmentation of the run's training images (section 4.1)."""
    return augmentation(
        config.augment,
        size=config.image_size,
        seed=config.seed,
        colour=config.recipe.colour,
        components=dataset.colour_components,
    )

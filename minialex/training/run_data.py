"""What a run learns from and is judged by: its images, and what augmentation makes of them."""

import sys
from collections.abc import Sequence
from pathlib import Path

from minialex.checks import abridged
from minialex.data import Augmentation, Dataset, load
from minialex.data.augmentation import augmentation
from minialex.data.loading import KNOWN
from minialex.models import recipe

SPLITS = ("train", "val", "test")  # the last two are one: folders have this or that


def load_data(
    config: dict, run: Path, *, other: str | None = None, limit: int | None = None, told: Sequence[str] = SPLITS
) -> Dataset:
    """The images of the run in this folder, or others, of the run's size and classes.

    Files of the splits `told` that could not be read are named on stderr.

    Errors: FileNotFoundError if the images are gone; ValueError if they have other classes than the run.
    """
    source = other or config["data"]
    if source not in KNOWN and not Path(source).exists():
        raise FileNotFoundError(
            f"{run}: expected the run's images in {source}, got a path that is absent; put them back, "
            f"write where they are now into {run / 'config.json'}, or evaluate with --data"
        )
    dataset = load(source, image_size=config["scale"], limit=limit)
    if lost := tuple(name for name in dataset.unreadable if name.split("/")[0] in told):
        print(f"{dataset.name}: images that could not be read are left out, {abridged(lost, 5)}", file=sys.stderr)
    check_classes(config.get("classes", list(dataset.classes)), list(dataset.classes), source)
    return dataset


def check_classes(known: list[str], came: list[str], source: str) -> None:
    """Checks that the classes are those of the run; the message names only those that differ."""
    if known != came:
        lacking, beside = (tuple(name for name in a if name not in b) for a, b in ((known, came), (came, known)))
        named = ((word, abridged(names, 5)) for word, names in (("lacking", lacking), ("beside them", beside)) if names)
        what = ", ".join(map(" ".join, named)) or "in another order"
        raise ValueError(
            f"{source}: expected the run's {len(known)} classes, got {len(came)}, {what}; use images of the same"
        )


def augmentation_of(config: dict, dataset: Dataset) -> Augmentation:
    """What happens to the training images of a run."""
    colour = recipe(config["model"], config["preset"]).colour
    return augmentation(
        config["augment"], size=config["image_size"], seed=config["seed"], colour=colour,
        components=dataset.colour_components,
    )  # fmt: skip

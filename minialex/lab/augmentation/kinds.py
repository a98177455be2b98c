"""Section 4.1: errors with each kind of augmentation, with those of the paper together, and with none."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from minialex.data import Dataset
from minialex.data.augmentation import (
    AugmentationStep,
    PCAColour,
    RandomReflection,
    RandomRotation,
    RandomScale,
    RandomShift,
)
from minialex.lab.augmentation.versions import draw_augmentation
from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import class_net
from minialex.lab.frame.settings import Settings

SHIFT = 4  # pixels: the authors' crops of 24 pixels from 32 differ by as much from the one in the centre
Steps = Callable[[Dataset], Sequence[AugmentationStep]]


def same(*steps: AugmentationStep) -> Steps:
    """Return a function that gives these steps for any training set."""
    return lambda dataset: steps


def colour(dataset: Dataset, preset: Literal["paper", "source"]) -> PCAColour:
    """Return the colour shift along the principal components of the training images."""
    return PCAColour(*dataset.colour_components(), preset=preset)


def of_the_paper(dataset: Dataset) -> Sequence[AugmentationStep]:
    """Return all that section 4.1 does."""
    return RandomShift(SHIFT), RandomReflection(), colour(dataset, "paper")


Augmented = partial(Entry, net=class_net)
ENTRIES = {
    "none": Augmented(),
    "reflection": Augmented(augment=same(RandomReflection())),
    "shift, as a crop": Augmented(augment=same(RandomShift(SHIFT))),
    "shift and reflection": Augmented(augment=same(RandomShift(SHIFT), RandomReflection())),
    "colour, paper": Augmented(augment=lambda dataset: [colour(dataset, "paper")], published="over -1 (paper, top-1)"),
    "colour, source": Augmented(augment=lambda dataset: [colour(dataset, "source")]),
    "all of the paper": Augmented(augment=of_the_paper),
    "rotation, a variant": Augmented(augment=same(RandomRotation(15))),
    "scaling, a variant": Augmented(augment=same(RandomScale(0.8, 1.25))),
}


def augmentation(settings: Settings) -> str:
    """Compare the kinds of augmentation, and draw versions of one picture."""
    text = compare(ENTRIES, settings).text
    draw_augmentation(settings.out / "versions.png")
    return text

"""Augmentation by names, as the command line and a run's settings have it."""

from collections.abc import Callable, Sequence

import numpy as np

from minialex.data.augmentation.colour import PCAColour
from minialex.data.augmentation.crop import CentreCrop, RandomCrop
from minialex.data.augmentation.geometry import RandomRotation, RandomScale, RandomShift
from minialex.data.augmentation.pipeline import Augmentation
from minialex.data.augmentation.reflection import RandomReflection
from minialex.data.augmentation.step import AugmentationLayer
from minialex.presets import AUGMENT

VARIANTS = ("rotation", "scaling", "shift")  # not in the paper
NAMES = (*AUGMENT, *VARIANTS)


def check_names(names: Sequence[str]) -> None:
    """Checks that these are names of augmentation, each once."""
    for name in names:
        if name not in NAMES:
            raise ValueError(f"augment: expected some of {', '.join(NAMES)}, or none; got {name!r}; choose among them")
    if len(set(names)) < len(names):
        raise ValueError(f"augment: expected each name once, got {' '.join(names)}; leave out what is there twice")


def augmentation(
    names: Sequence[str], *, size: int, seed: int, colour: str, components: Callable[[], tuple[np.ndarray, np.ndarray]]
) -> Augmentation:
    """The layers of these names, in the order in which they make sense; what comes out is `size` pixels wide.

    Rotation is by up to 15 degrees, scaling by 0.8 to 1.25, shift by up to an eighth of the crop.

    Args:   size, of the crop, in the centre unless "crop" is among the names; colour, "paper" or "source"; components,
            gives eigenvalues and eigenvectors of the colours, and is asked only where they are needed.
    Errors: ValueError for a name that is none.
    """
    check_names(names)
    layers: dict[str, Callable[[], AugmentationLayer]] = {
        "rotation": lambda: RandomRotation(15),
        "scaling": lambda: RandomScale(0.8, 1.25),
        "shift": lambda: RandomShift(max(1, size // 8)),
        "crop": lambda: RandomCrop(size),
        "reflection": RandomReflection,
        "colour": lambda: PCAColour(*components(), preset=colour),  # type: ignore[arg-type]
    }
    if "crop" not in names:
        layers["crop"] = lambda: CentreCrop(size)
    return Augmentation([make() for name, make in layers.items() if name in names or name == "crop"], seed=seed)


def scale_for(image_size: int, names: Sequence[str]) -> int:
    """The side of the images that crops of this size are taken from: 256 for 224 and 227, and in that proportion."""
    if "crop" not in names:
        return image_size
    return 256 if 224 <= image_size <= 227 else max(image_size + 1, round(image_size * 256 / 224))

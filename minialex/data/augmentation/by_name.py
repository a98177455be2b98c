"""Augmentation by names, as in the command line and in a run's settings."""

from collections.abc import Callable, Sequence

import numpy as np

from minialex.checks import expected
from minialex.data.augmentation.colour import PCAColour
from minialex.data.augmentation.crop import CentreCrop, RandomCrop
from minialex.data.augmentation.geometry import RandomRotation, RandomScale, RandomShift
from minialex.data.augmentation.pipeline import Augmentation
from minialex.data.augmentation.reflection import AlternatingReflection, RandomReflection, RandomUpsideDown
from minialex.data.augmentation.step import AugmentationStep
from minialex.presets import AUGMENT

VARIANTS = (  # not in the paper
    "rotation", "scaling", "shift", "reflected-shift", "alternating-reflection", "upside-down", "image-colour",
)  # fmt: skip
INSTEAD = {"alternating-reflection": "reflection", "reflected-shift": "shift"}  # one of the two, not both
NAMES = (*AUGMENT, *VARIANTS)


def check_names(names: Sequence[str]) -> None:
    """Check that these are names of augmentation steps, each once."""
    for name in names:
        if name not in NAMES:
            raise expected("augment", f"some of {', '.join(NAMES)}, or none", repr(name), "choose among them")
    if len(set(names)) < len(names):
        raise expected("augment", "each name once", " ".join(names), "leave out the second")
    for name, other in INSTEAD.items():
        if name in names and other in names:
            raise expected("augment", f"{name} or {other}", "both", "leave out one of them")


def augmentation(
    names: Sequence[str], *, size: int, seed: int, colour: str, components: Callable[[], tuple[np.ndarray, np.ndarray]]
) -> Augmentation:
    """Return the steps of these names, in the order in which they are applied; the result is `size` pixels wide.

    Rotation is by up to 15 degrees, scaling by 0.8 to 1.25, shift by up to an eighth of the crop, reflected-shift by
    up to a sixteenth.

    Args:   size, of the crop, in the centre unless "crop" is among the names; colour, "paper" or "source"; components,
            returns eigenvalues and eigenvectors of the colours; it is called only if "colour" is among the names.
    Errors: ValueError for a name that is none.
    """
    check_names(names)
    steps: dict[str, Callable[[], AugmentationStep]] = {
        "rotation": lambda: RandomRotation(15),
        "scaling": lambda: RandomScale(0.8, 1.25),
        "shift": lambda: RandomShift(max(1, size // 8)),
        "reflected-shift": lambda: RandomShift(max(1, size // 16), border="reflect"),
        "crop": lambda: RandomCrop(size),
        "reflection": RandomReflection,
        "alternating-reflection": AlternatingReflection,
        "upside-down": RandomUpsideDown,
        "colour": lambda: PCAColour(*components(), preset=colour),  # type: ignore[arg-type]
        "image-colour": lambda: PCAColour(preset="image"),
    }
    if "crop" not in names:
        steps["crop"] = lambda: CentreCrop(size)
    return Augmentation([make() for name, make in steps.items() if name in names or name == "crop"], seed=seed)


def scale_for(image_size: int, names: Sequence[str]) -> int:
    """Return the side of the images to take crops of this size from: 256 for 224 and 227, others in proportion."""
    if "crop" not in names:
        return image_size
    return 256 if 224 <= image_size <= 227 else max(image_size + 1, round(image_size * 256 / 224))

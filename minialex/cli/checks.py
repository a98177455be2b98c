"""Arguments of the command line that are checked before anything is done."""

from collections.abc import Sequence
from pathlib import Path


class WrongArgument(ValueError):
    """An argument that is wrong in itself, whatever the machine and the files hold: exit status 2."""


def known_recipe(model: str, preset: str):
    from minialex.models import recipe

    return as_wrong_argument(recipe, model, preset)


def known_data(source: str) -> str:
    """A data set's name, or a folder's full path (a run is used from other places than where it was made)."""
    from minialex.data import check_source
    from minialex.data.loading import KNOWN

    as_wrong_argument(check_source, source)
    return source if source in KNOWN else str(Path(source).resolve())


def check_devices(model: str, devices: str, workers: int | None) -> None:
    """Finds out before anything is loaded whether the devices are there, and whether the model can use them."""
    from minialex.devices.names import devices_from
    from minialex.models.recipes import places

    as_wrong_argument(places, model, as_wrong_argument(devices_from, devices, workers))


def as_wrong_argument(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        raise WrongArgument(str(error)) from None


def known_augment(names: Sequence[str]) -> list[str]:
    """The names of augmentation; "none" is none of them."""
    from minialex.data.augmentation import check_names

    if "none" in names and len(names) > 1:
        raise WrongArgument(f"--augment: expected none alone, got {' '.join(names)}; leave out none, or the others")
    chosen = [] if "none" in names else list(names)
    as_wrong_argument(check_names, chosen)
    return chosen


def known_scale(source: str, image_size: int, augment: Sequence[str]) -> int:
    """The size of the images that crops are taken from: that of prepared ones, else as the paper has it."""
    from minialex.data import prepared_size
    from minialex.data.augmentation import scale_for

    return prepared_size(source) or scale_for(image_size, augment)


def check_sizes(image_size: int, scale: int, augment: Sequence[str], *, asked: bool) -> None:
    """Checks that crops of one size fit into images of the other, which may have been asked for, and have room."""
    if asked and scale < image_size:
        raise WrongArgument(f"--scale: expected --image-size, {image_size}, or more, got {scale}; raise it")
    if scale < image_size or (scale > 1.5 * image_size and not asked):
        raise WrongArgument(
            f"--image-size: expected most of an image of {scale} pixels, got {image_size}; "
            f"use --image-size {round(scale * 7 / 8)}, or prepare the images at another --size"
        )
    if "crop" in augment and scale == image_size:
        others = " ".join(name for name in augment if name != "crop") or "none"
        raise WrongArgument(
            f"--augment: expected images larger than the crops of {image_size} pixels, got {scale}; "
            f"use --image-size {round(scale * 7 / 8)}, or leave crop out: --augment {others}"
        )

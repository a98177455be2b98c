"""Arguments that name data, devices and augmentation: each is checked before anything is computed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.cli.wrong_arguments import WrongArgument, as_wrong_argument
from minialex.data import check_source
from minialex.data.augmentation import check_names
from minialex.data.loading import KNOWN
from minialex.devices import host
from minialex.models.recipes import build, devices_by_group
from minialex.training.config import RunConfig
from minialex.training.frozen import freeze
from minialex.training.rules import check_split, sgd_of

OTHER_NAMES = {  # of augmentation, in other libraries; a run keeps the paper's
    "cropping": "crop", "random_crop": "crop", "flip": "reflection", "flipping": "reflection", "hflip": "reflection",
    "horizontal_flip": "reflection", "mirror": "reflection", "color": "colour", "colors": "colour",
    "colours": "colour", "pca": "colour", "jitter": "colour", "rotate": "rotation", "scale": "scaling",
    "zoom": "scaling", "translate": "shift", "translation": "shift", "shifting": "shift",
    "alternating-flip": "alternating-reflection", "alternating_flip": "alternating-reflection",
    "vflip": "upside-down", "vertical_flip": "upside-down",
}  # fmt: skip


def known_data(source: str) -> str:
    """Return a data set's name, or a folder's full path, so that a run can be used from any folder."""
    as_wrong_argument(check_source, source)
    return source if source in KNOWN else str(Path(source).resolve())


def known_augment(names: Sequence[str]) -> tuple[str, ...]:
    """Return the paper's names of augmentation; "none" alone stands for none of them."""
    if "none" in names and len(names) > 1:
        raise expected("--augment", "none alone", " ".join(names), "leave out none, or the others", WrongArgument)
    chosen = () if "none" in names else tuple(OTHER_NAMES.get(name.lower(), name) for name in names)
    as_wrong_argument(check_names, chosen)
    return chosen


def check_devices(config: RunConfig) -> None:
    """Check that the devices exist, and that the model and its training can use them."""
    as_wrong_argument(devices_by_group, config.model, as_wrong_argument(config.named_devices))
    as_wrong_argument(check_split, config)


def check_layers(config: RunConfig) -> None:
    """Check --freeze and --lr-factor on a net of the model, before images are loaded or prepared."""
    if config.freeze or config.lr_factor:
        net = build(config.model, [host], rng=np.random.default_rng(0), preset=config.preset)
        as_wrong_argument(freeze, net, config.freeze)
        as_wrong_argument(sgd_of, config, net)


def check_sizes(config: RunConfig, *, scale_given: bool) -> None:
    """Check that the net's images fit into those that they are cropped from, and that random crops have room."""
    size, scale = config.image_size, config.scale
    smaller = f"use --image-size {round(scale * 7 / 8)}"
    if scale_given and scale < size:
        raise expected("--scale", f"--image-size, {size}, or more", scale, "raise it", WrongArgument)
    if scale < size:
        advice = f"{smaller}, or prepare the images at another --size"
        raise expected(
            "--image-size", f"at most {scale} pixels, the size of the prepared images", size, advice, WrongArgument
        )
    if "crop" in config.augment and scale == size:
        others = " ".join(name for name in config.augment if name != "crop") or "none"
        what, advice = f"images larger than the crops of {size} pixels", f"{smaller}, or leave crop out: --augment "
        raise expected("--augment", what, scale, advice + others, WrongArgument)

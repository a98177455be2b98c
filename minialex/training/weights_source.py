"""Weights that a run begins with, read from the folder of a run or from a file, under the names of its net."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from minialex.checks import expected
from minialex.models import convert_weights, read_weights
from minialex.models.conversion import CAFFE_MEAN
from minialex.models.pretrained import net_settings
from minialex.sequential import Sequential
from minialex.training.checkpoint import with_prefix
from minialex.training.config import RunConfig
from minialex.training.run_arrays import file_named, read_arrays


class Source(NamedTuple):
    """The parameters of a trained net, and what its images are like."""

    state: dict[str, np.ndarray]
    mean: np.ndarray  # (C,), (C, 1, 1) or an image
    std: Any
    classes: tuple[str, ...] | None  # None: a file does not name them
    image_size: int | None  # None: a file of a net that is not an AlexNet's


def source_of(path: Path, net: Sequential, head: str, preset: str) -> Source:
    """Read the weights for this net, whose layer `head` may be for another number of classes.

    Errors: FileNotFoundError if there are none; ValueError, naming path and array, if they are of another net.
    """
    check_exists(path)
    if path.is_dir():
        run, arrays = RunConfig.read(path), read_arrays(path / "best.npz")
        with file_named(path / "best.npz"):
            mean, std = arrays["mean_image"], arrays.get("std", 1.0)
        return Source(with_prefix("net/", arrays), mean, std, run.classes, run.image_size)
    arrays = read_weights(path)
    with file_named(path):
        state, file_mean = convert_weights(arrays, net, other_classes=head)
    try:
        size = net_settings(arrays, preset)["image_size"]
    except ValueError:
        size = None
    return Source(state, CAFFE_MEAN if file_mean is None else file_mean, 1.0, None, size)


def settings_of(path: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a run that follow from the weights it begins with; `given` are those of the user.

    Errors: as `source_of`, and ValueError where `given` contradicts a run: its model, and what is done to its images.
    """
    check_exists(path)
    if not path.is_dir():
        return file_settings(path, given)
    run = RunConfig.read(path)
    follow = {name: getattr(run, name) for name in ("model", "preset", "standardize")}
    for name, value in follow.items():
        if given.get(name, value) != value:
            raise expected(path, f"weights with {name} {given[name]}", value, f"leave out --{name}")
    return {**follow, "image_size": run.image_size}


def file_settings(path: Path, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("standardize"):
        raise expected(path, "weights for standardized images", "those of a file", "leave out --standardize")
    arrays = read_weights(path)
    try:
        settings = net_settings(arrays, given.get("preset", RunConfig.preset))
    except ValueError as error:
        if "model" in given:  # the file may be of this one
            return {"standardize": False}
        raise ValueError(f"{path}: {error}; name another net with --model") from None
    return {"standardize": False, **{name: settings[name] for name in ("model", "preset", "image_size")}}


def check_exists(path: Path) -> None:
    """Check that weights may be at this path."""
    if not path.exists():
        what, got = "a file of weights or the folder of a run", "a path that does not exist"
        raise expected(path, what, got, "check it", FileNotFoundError)

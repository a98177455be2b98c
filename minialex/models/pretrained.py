"""A net from a file of weights alone: the names and shapes in it tell which net it is."""

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from minialex.checks import expected
from minialex.devices import Device, host
from minialex.models.array_names import TORCHVISION, recognized
from minialex.models.conversion import CAFFE_MEAN, convert_weights
from minialex.models.merge import in_groups, ungrouped
from minialex.models.recipes import build, recipe
from minialex.models.weights import read_weights
from minialex.sequential import Sequential

WIDTH = 4096  # of fc7, in all three nets


class Pretrained(NamedTuple):
    """A net with the weights of a file, in evaluation mode, and what its images need."""

    net: Sequential
    mean: np.ndarray  # float32 (3, image_size, image_size), to be subtracted from pixels of 0 to 255
    image_size: int
    classes: int


def load_weights_file(
    path: str | os.PathLike, devices: Sequence[Device] = (host,), *, preset: str = "paper"
) -> Pretrained:
    """Build the net whose weights a file contains, and load them.

    Names of torchvision make a `torchvision_alexnet`, Caffe's an `alexnet_single` of preset "caffe", ours an `alexnet`
    (with groups), an `alexnet_single` or a `torchvision_alexnet`. The number of classes is that of fc8's biases.

    Args:   preset, of a net under our names: the arrays do not determine it. Its mean is the array "mean" of the file,
            (3,) or an image; where there is none, the mean colour of ImageNet.
    Errors: FileNotFoundError if there is no file; ValueError if it is damaged, or contains another net.
    """
    arrays = read_weights(path)
    try:
        settings = net_settings(arrays, preset)
        net = build(devices=devices, rng=np.random.default_rng(0), **settings).eval()
        state, mean = convert_weights(arrays, net)
        net.load_state(state)
        size = settings["image_size"]
        return Pretrained(net, as_image(CAFFE_MEAN if mean is None else mean, size), size, settings["classes"])
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def net_settings(arrays: dict[str, np.ndarray], preset: str = "paper") -> dict[str, Any]:
    """Return the net that arrays belong to, by their names and shapes, as the arguments of `build`."""
    family, names = recognized(arrays, [f"{layer}.{key}" for layer in TORCHVISION for key in "Wb"])
    merged = ungrouped(arrays)
    classes, preset = classes_of(merged, names), "caffe" if family == "caffe" else preset
    model = model_of(family, in_groups(arrays), kernels=merged[names["conv1.b"]].size)
    return {"model": model, "preset": preset, "classes": classes, "image_size": recipe(model, preset).image_size}


def classes_of(arrays: dict[str, np.ndarray], names: dict[str, str]) -> int:
    """Return the number of biases of fc8, and check that its weights are as many as that requires."""
    W, b = arrays[names["fc8.W"]], arrays[names["fc8.b"]]
    if b.size == 0 or W.size != b.size * WIDTH:
        what = f"{WIDTH} weights for each of {b.size} classes"
        raise expected(names["fc8.W"], what, W.shape, "use the weights of an AlexNet")
    return b.size


def model_of(family: str, groups: bool, kernels: int) -> str:
    if family == "torchvision" or (family == "ours" and kernels == 64):
        return "torchvision_alexnet"
    return "alexnet" if groups else "alexnet_single"


def as_image(mean: np.ndarray, size: int) -> np.ndarray:
    """Return a mean colour, or a mean image, as an image."""
    if mean.shape not in ((3,), (3, size, size)):
        raise expected("mean", f"(3,) or (3, {size}, {size})", mean.shape, "give the mean colour")
    return np.broadcast_to(mean.reshape(3, 1, 1) if mean.ndim == 1 else mean, (3, size, size))

"""Fine-tuning: a run that begins with the weights of a net that was trained on other images.

The net has a head (its last layer with parameters) for the classes of the new images. Where these are not the classes
of the weights, the head keeps its initial weights; all other parameters are those of the weights.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np

from minialex.checks import expected
from minialex.layer import Layer
from minialex.sequential import Sequential
from minialex.training.config import RunConfig
from minialex.training.weights_source import Source, settings_of, source_of


def tuned_config(weights: str | os.PathLike, **given: Any) -> RunConfig:
    """Return the settings of a run that begins with these weights: the net follows from them, unless it is given.

    Errors: FileNotFoundError if there are no weights; ValueError if they are damaged, or of another net than given.
    """
    path = Path(weights)
    return RunConfig.new(**{**settings_of(path, given), **given, "weights": str(path.resolve())})


def begin_with_weights(config: RunConfig, net: Sequential, image_shape: tuple[int, ...]) -> dict[str, str]:
    """Set parameters, mean and deviation of a new net from the weights of its settings; return what was done.

    Args:   image_shape, of one image of the data (its mean image is of this size).
    Errors: FileNotFoundError if there are no weights; ValueError if they are of another net, or if a head that keeps
            its initial weights is frozen.
    """
    path, head = Path(str(config.weights)), head_of(net)
    source = source_of(path, net, head.name, config.preset)
    before, after = count_of(source.state, head.name), len(config.classes)
    is_new = before != after or source.classes not in (None, config.classes)
    if is_new and not head.trainable:
        raise expected("freeze", f"{head.name} to learn, since its weights are new", "it frozen", "leave it out")
    load(path, net, source, head if is_new else None, config.image_size)
    net.input_mean, mean_text = fitting(source.mean, image_shape)
    net.input_std = source.std
    text = {"weights": str(path), "head": f"{head.name}: {head_text(before, after, is_new)}", "mean": mean_text}
    if source.image_size not in (None, config.image_size):
        text["size"] = f"{config.image_size} pixels, where the weights were trained at {source.image_size}"
    return text


def head_of(net: Layer) -> Layer:
    """Return the last layer with parameters."""
    *_, (_, layer, _) = net.parameters()
    return layer


def count_of(state: dict[str, np.ndarray], head: str) -> int:
    """Return the number of classes of a head: that of its biases."""
    return len(state.get(f"{head}.b", ()))


def load(path: Path, net: Sequential, source: Source, new_head: Layer | None, image_size: int) -> None:
    """Set all parameters, but not those of a head that is new."""
    own = {f"{new_head.name}.{key}": value for key, value in new_head.state().items()} if new_head else {}
    try:
        net.load_state({**source.state, **own})
    except ValueError as error:
        other = source.image_size not in (None, image_size)
        hint = f"; these weights are for images of {source.image_size} pixels" if other else ""
        raise ValueError(f"{path}: {error}{hint}") from None


def head_text(before: int, after: int, is_new: bool) -> str:
    """Return what happens to the head."""
    if not is_new:
        return f"the same {after} classes, its weights are kept"
    return (
        f"{before} -> {after} classes, new initial weights"
        if before != after
        else (f"{after} other classes, new initial weights")
    )


def fitting(mean: np.ndarray, image_shape: tuple[int, ...]) -> tuple[np.ndarray, str]:
    """Return the mean of the weights, as their colour where the images have another size, and why."""
    why = "a net expects the inputs that it was trained with"
    channels = image_shape[0]
    if mean.shape == image_shape or mean.shape == (channels, 1, 1):
        return mean, f"that of the weights, not of these images: {why}"
    if mean.shape == (channels,):
        return mean.reshape(channels, 1, 1), f"the mean colour of the weights, not of these images: {why}"
    if mean.ndim != 3 or len(mean) != channels:
        raise expected("mean", f"an image or a colour of {channels} channels", mean.shape, "give the mean colour")
    sizes = f"their mean image has {mean.shape[1]} pixels, these images have {image_shape[1]}"
    return mean.mean(axis=(1, 2), keepdims=True), f"the mean colour of the weights: {sizes}"

"""The net in a file of a run: `best.npz`, and its part of a checkpoint."""

from pathlib import Path
from typing import Any

import numpy as np

from minialex.layer import Layer
from minialex.ranks import own, whole
from minialex.training.run_arrays import about, file_named, read_arrays, write_arrays


def save_weights(path: Path, net: Layer, settings: dict[str, Any] | None = None) -> None:
    """Write what prediction needs: the parameters, and what is done to the images."""
    write_arrays(path, whole(net, {**net_arrays(net), "about": about(settings)}))


def load_weights(path: Path, net: Layer) -> None:
    """Set the parameters of the net, and what is done to its images."""
    set_weights(path, read_arrays(path), net)


def set_weights(path: Path, arrays: dict[str, np.ndarray], net: Layer) -> None:
    """Set the parameters of the net, and what is done to its images, from the arrays of a file."""
    with file_named(path):
        load_net(net, own(net, arrays))


def net_arrays(net: Layer) -> dict[str, np.ndarray]:
    """Return the parameters, and the mean and deviation of the inputs, under their names in the file."""
    inputs = {"mean_image": net.input_mean} | ({} if np.all(net.input_std == 1) else {"std": net.input_std})
    return {f"net/{name}": value for name, value in net.state().items()} | inputs


def load_net(net: Layer, arrays: dict[str, np.ndarray]) -> None:
    """Set the parameters, and the mean and deviation of the inputs."""
    mean = arrays["mean_image"]
    net.load_state(with_prefix("net/", arrays))
    net.input_mean, net.input_std = mean, arrays.get("std", 1.0)


def with_prefix(folder: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays whose names begin with `folder`, without it."""
    return {name.removeprefix(folder): value for name, value in arrays.items() if name.startswith(folder)}

"""Checkpoints: all that a run needs to continue as if it had never stopped, in one npz file.

net/conv1.W ...        parameters           velocity/conv1.W ...    of the update rule
draws/drop6 ...        generators (JSON)    history                 one dict an epoch (JSON)
mean_image, std        what is subtracted from the images, and divides them (1 where it is absent)
average/conv1.W ...    where net/ holds averaged weights: those that training continues with
"""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.devices.mpi import is_first
from minialex.files.atomic import whole_file
from minialex.layer import Layer
from minialex.ranks import own, whole
from minialex.training.averaging import WeightAverage
from minialex.training.sgd import SGD


def save_checkpoint(
    path: Path, net: Layer, sgd: SGD, history: list[dict], average: WeightAverage | None = None
) -> None:  # fmt: skip
    """Write the run's state; the file is the old one or the new one, never half of it."""
    draws = {prefix: json.dumps(rng.bit_generator.state) for prefix, rng in generators(net)}
    write_arrays(path, whole(net, {
        **net_arrays(net),
        **{f"velocity/{name}": value for name, value in sgd.state().items()},
        **{f"average/{name}": value for name, value in (average.state() if average else {}).items()},
        **{f"draws/{prefix}": np.array(state) for prefix, state in draws.items()},
        "history": np.array(json.dumps(history)),
    }))  # fmt: skip


def load_checkpoint(path: Path, net: Layer, sgd: SGD, average: WeightAverage | None = None) -> list[dict]:
    """Set the net, the velocities, the generators, and the average where there is one; return the history."""
    arrays = own(net, read_arrays(path))
    with file_named(path):
        history, draws = json.loads(str(arrays["history"])), with_prefix("draws/", arrays)
        states = [(rng, json.loads(str(draws[prefix]))) for prefix, rng in generators(net)]
        load_net(net, arrays)
        sgd.load_state(with_prefix("velocity/", arrays))
        if average:
            average.load_state(with_prefix("average/", arrays))
    for rng, state in states:
        rng.bit_generator.state = state
    return history


def save_weights(path: Path, net: Layer) -> None:
    """Write what prediction needs: the parameters, and what is done to the images."""
    write_arrays(path, whole(net, net_arrays(net)))


def load_weights(path: Path, net: Layer) -> None:
    """Set the parameters of the net, and what is done to its images."""
    arrays = own(net, read_arrays(path))
    with file_named(path):
        load_net(net, arrays)


def net_arrays(net: Layer) -> dict[str, np.ndarray]:
    """Return the parameters, and the mean and deviation of the inputs, under their names in the file."""
    inputs = {"mean_image": net.input_mean} | ({} if np.all(net.input_std == 1) else {"std": net.input_std})
    return {f"net/{name}": value for name, value in net.state().items()} | inputs


def load_net(net: Layer, arrays: dict[str, np.ndarray]) -> None:
    """Set the parameters, and the mean and deviation of the inputs."""
    mean = arrays["mean_image"]
    net.load_state(with_prefix("net/", arrays))
    net.input_mean, net.input_std = mean, arrays.get("std", 1.0)


@contextmanager
def file_named(path: Path) -> Iterator[None]:
    """Name the file in errors about its contents."""
    try:
        yield
    except KeyError as error:
        raise expected(path, f"{error} in it", "none", "start a new run") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def generators(net: Layer) -> list[tuple[str, np.random.Generator]]:
    """Return the generators of random numbers in the net (those of dropout), with their layers' names."""
    return [(prefix, layer.rng) for prefix, layer in net.walk() if layer.rng and layer.device.here]


def with_prefix(folder: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays whose names begin with `folder`, without it."""
    return {name.removeprefix(folder): value for name, value in arrays.items() if name.startswith(folder)}


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays to an npz file, whole or not at all; of several ranks the first does."""
    if not is_first():
        return
    with whole_file(path) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read all arrays of an npz file; pickles are refused."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:  # opened here, so closed here
            return {name: arrays[name] for name in arrays.files}
    except FileNotFoundError:
        raise expected(path, "a run's weights", "no such file", "train first", FileNotFoundError) from None
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, AttributeError, KeyError) as error:
        got = f"something else or a part ({error})"
        raise expected(path, "an npz file of arrays", got, "start a new run") from None

"""Checkpoints: all that a run needs to go on as if it had never stopped, in one npz file.

net/conv1.W ...        parameters           velocity/conv1.W ...    of the update rule
draws/drop6 ...        generators (JSON)    history                 one dict an epoch (JSON)
mean_image
"""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from minialex.files.atomic import whole_file
from minialex.layer import Layer
from minialex.training.sgd import SGD


def save_checkpoint(path: Path, net: Layer, sgd: SGD, history: list[dict], mean: np.ndarray) -> None:
    """Writes the run's state; the file is the old one or the new one, never half of it."""
    draws = {prefix: json.dumps(rng.bit_generator.state) for prefix, rng in generators(net)}
    write_npz(path, {
        **{f"net/{name}": value for name, value in net.state().items()},
        **{f"velocity/{name}": value for name, value in sgd.state().items()},
        **{f"draws/{prefix}": np.array(state) for prefix, state in draws.items()},
        "history": np.array(json.dumps(history)), "mean_image": mean,
    })  # fmt: skip


def load_checkpoint(path: Path, net: Layer, sgd: SGD) -> tuple[list[dict], np.ndarray]:
    """Sets the net, the velocities and the generators; returns the history and the mean image."""
    arrays = read_npz(path)
    with named(path):
        history, mean, draws = json.loads(str(arrays["history"])), arrays["mean_image"], under("draws/", arrays)
        states = [(rng, json.loads(str(draws[prefix]))) for prefix, rng in generators(net)]
        net.load_state(under("net/", arrays))
        sgd.load_state(under("velocity/", arrays))
    for rng, state in states:
        rng.bit_generator.state = state
    return history, mean


def save_weights(path: Path, net: Layer, mean: np.ndarray) -> None:
    """Writes what prediction needs: the parameters and the mean image."""
    write_npz(path, {**{f"net/{name}": value for name, value in net.state().items()}, "mean_image": mean})


def load_weights(path: Path, net: Layer) -> np.ndarray:
    """Sets the parameters of the net, and returns the mean image."""
    arrays = read_npz(path)
    with named(path):
        mean = arrays["mean_image"]
        net.load_state(under("net/", arrays))
    return mean


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Names the file in errors about what it holds."""
    try:
        yield
    except KeyError as error:
        raise ValueError(f"{path}: expected {error} in it, got none; start a new run") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def generators(net: Layer) -> list[tuple[str, np.random.Generator]]:
    return [(prefix, layer.rng) for prefix, layer in net.walk() if layer.rng]


def under(folder: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name.removeprefix(folder): value for name, value in arrays.items() if name.startswith(folder)}


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with whole_file(path) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def read_npz(path: Path) -> dict[str, np.ndarray]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:  # opened here, so closed here
            return {name: arrays[name] for name in arrays.files}
    except FileNotFoundError:
        raise FileNotFoundError(f"{path}: no such file; expected a run's weights there, train first") from None
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, AttributeError, KeyError) as error:
        raise ValueError(f"{path}: expected an npz file of arrays, got something else or a part ({error})") from None

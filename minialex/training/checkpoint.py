"""Checkpoints: all that a run needs to continue as if it had never stopped, in one npz file.

net/conv1.W ...        parameters           velocity/conv1.W ...    of the update rule
draws/drop6 ...        generators (JSON)    history                 one dict an epoch (JSON)
average/conv1.W ...    where weights are averaged: what the net does not hold, the averages while it trains
mean_image, std        what is subtracted from the images, and divides them (1 where it is absent)
about                  format, settings of the run, position in the epoch that is not finished (JSON)

`best.npz` has the net, the inputs and `about` of it. Format 1 had no `about`, and no checkpoint within an epoch.
docs/formats.md has all formats.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from minialex.files.plain_npz import read_npz
from minialex.layer import Layer
from minialex.ranks import own, whole
from minialex.training.averaging import WeightAverage
from minialex.training.history import checked_history
from minialex.training.net_file import load_net, net_arrays, with_prefix
from minialex.training.position import Position
from minialex.training.run_arrays import about, about_in, file_named, read_arrays, write_arrays
from minialex.training.sgd import SGD


class Kept(NamedTuple):
    """What a checkpoint contains beside the state of the net and its update rule."""

    history: list[dict]
    position: Position = Position()

    def __str__(self) -> str:
        done, step = len(self.history), self.position.step
        return f"epoch {done + 1}, step {step}" if step else f"the end of epoch {done}"


def save_checkpoint(
    path: Path, net: Layer, sgd: SGD, history: list[dict], average: WeightAverage | None = None,
    *, position: Position = Position(), settings: dict[str, Any] | None = None, previous: Path | None = None,
) -> None:  # fmt: skip
    """Write the run's state; the file is the old one or the new one, never half of it.

    Args:   settings, of the run, to be compared with its config.json; previous, the name that the old file gets.
    """
    draws = {prefix: json.dumps(rng.bit_generator.state) for prefix, rng in generators(net)}
    averaging = {"is_training": average.is_training} if average else {}
    arrays = {
        **net_arrays(net),
        **{f"velocity/{name}": value for name, value in sgd.state().items()},
        **{f"average/{name}": value for name, value in (average.state() if average else {}).items()},
        **{f"draws/{prefix}": np.array(state) for prefix, state in draws.items()},
        "history": np.array(json.dumps(history)),
        "about": about(settings, position=position._asdict(), average=averaging),
    }
    write_arrays(path, whole(net, arrays), previous)


def load_checkpoint(path: Path, net: Layer, sgd: SGD, average: WeightAverage | None = None) -> Kept:
    """Set the net, the velocities, the generators, and the average where there is one; return the rest."""
    return set_checkpoint(path, read_arrays(path), net, sgd, average)


def set_checkpoint(
    path: Path, arrays: dict[str, np.ndarray], net: Layer, sgd: SGD, average: WeightAverage | None = None
) -> Kept:
    """Set what `load_checkpoint` sets, from a checkpoint's arrays; return the rest."""
    with file_named(path):
        its, arrays = about_in(path, arrays), own(net, arrays)
        position = Position.of(its.get("position", Position()._asdict()))
        history, draws = checked_history(json.loads(str(arrays["history"]))), with_prefix("draws/", arrays)
        states = [(rng, json.loads(str(draws[prefix]))) for prefix, rng in generators(net)]
        load_net(net, arrays)
        sgd.load_state(with_prefix("velocity/", arrays))
        if average:
            average.load_state(with_prefix("average/", arrays), **its.get("average", {}))
        for rng, state in states:
            rng.bit_generator.state = state
    return Kept(history, position)


def kept_history(path: Path) -> list[dict]:
    """Return the history in a checkpoint; none where there is no checkpoint, or a damaged one."""
    try:
        (_, text), *_ = read_npz(path, {"history"})
        return checked_history(json.loads(str(text)))
    except Exception:  # damaged files raise all kinds; whoever resumes the run is told
        return []


def generators(net: Layer) -> list[tuple[str, np.random.Generator]]:
    """Return the generators of random numbers in the net (those of dropout), with their layers' names."""
    return [(prefix, layer.rng) for prefix, layer in net.walk() if layer.rng and layer.device.here]

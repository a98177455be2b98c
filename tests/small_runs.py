"""Trainings small enough for a test: the settings of a run, what two have in common, a linear problem with a net."""

import json

import numpy as np

from minialex import Sequential
from minialex.data import Split
from minialex.layers import Dense, Dropout, Flatten, ReLU
from minialex.training.config import RunConfig
from minialex.training.history import read_history

TIMES = {"images_per_second", "seconds"}


def settings(**changes):
    """Return the settings of a run of three epochs of the classroom net on 96 small drawn images."""
    usual = {"seed": 3, "image_size": 16, "scale": 16, "epochs": 3, "batch": 32, "limit": 96}
    return RunConfig.new(**{**usual, **changes})


def colours(n, seed):
    """Return images that are mostly red, green or blue: three classes that a linear net can separate."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n)
    images = rng.integers(0, 100, (n, 3, 4, 4))
    images[np.arange(n), labels] += 100
    return Split(images.astype("uint8"), labels)


def net(rng):
    return Sequential(
        flatten=Flatten(), fc1=Dense(48, 16, rng=rng), relu1=ReLU(), drop1=Dropout(rng=rng.spawn(1)[0]),
        fc2=Dense(16, 3, rng=rng),
    )  # fmt: skip


def arrays(path):
    with path.open("rb") as file, np.load(file) as archive:
        return {name: archive[name] for name in archive.files}


def about_without(names, kept):
    """Return what a file of a run says about itself, without these settings."""
    about = json.loads(str(kept["about"]))
    return {**about, "settings": {name: value for name, value in about["settings"].items() if name not in names}}


def assert_same_run(one, other, *, pictures=True, but=()):
    """Check that all files of two runs but the times are equal bit for bit, pictures included.

    Args:   but, settings that differ.
    """
    for name in ("curves.png", "filters.png", "predictions.png") if pictures else ():
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    for name in ("checkpoint.npz", "best.npz"):
        ours, theirs = arrays(one / name), arrays(other / name)
        assert ours.keys() == theirs.keys()
        assert about_without(but, ours) == about_without(but, theirs)
        for key in ours.keys() - {"history", "about"}:
            np.testing.assert_array_equal(ours[key], theirs[key], err_msg=f"{name}: {key}")
    for ours, theirs in zip(read_history(one / "metrics.csv"), read_history(other / "metrics.csv"), strict=True):
        assert {k: v for k, v in ours.items() if k not in TIMES} == {k: v for k, v in theirs.items() if k not in TIMES}

"""Trainings small enough for a test: the settings of a run, and a linear problem with a net for it."""

import numpy as np

from minialex import Sequential
from minialex.data import Split
from minialex.layers import Dense, Dropout, Flatten, ReLU
from minialex.training.config import RunConfig


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

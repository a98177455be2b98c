"""Trainings small enough for a test: the settings of a run, and a linear problem with a net for it."""

import numpy as np

from minialex import Sequential
from minialex.data import Split
from minialex.layers import Dense, Dropout, Flatten, ReLU


def settings(**changes):
    return {
        "model": "small_alexnet", "preset": "paper", "data": "shapes", "devices": "cpu", "seed": 3, "workers": None,
        "image_size": 16, "scale": 16, "augment": [],
        "epochs": 3, "batch": 32, "lr": 0.01, "divide_after": None, "limit": 96, **changes,
    }  # fmt: skip


def colours(n, seed):
    """Images that are mostly red, green or blue: three classes that a linear net can tell apart."""
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

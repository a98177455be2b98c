"""How much colour the kernels of a first layer have, whether two groups differ in it, and where such kernels lie."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.checks import described, expected
from minialex.models import read_weights
from minialex.models.array_names import namings
from minialex.models.conversion import with_our_input
from minialex.models.merge import ungrouped
from minialex.training.opened import load_run


def colour(W: np.ndarray) -> np.ndarray:
    """Return the share of each kernel's energy that is off the grey axis: 0 grey, 2/3 noise, 1 opponent colours.

        colour(W) = 1 - 3 |mean over channels of W|^2 / |W|^2

    Shapes: (C_out, 3, K, K) -> (C_out,); of a kernel of zeros it is 0.
    Errors: ValueError for kernels of other than 3 channels.
    """
    if W.ndim != 4 or W.shape[1] != 3:
        raise expected("colour", "kernels of 3 channels, (C_out, 3, K, K)", described(W), "give those of conv1")
    W = W.astype(np.float64)
    energy = np.sum(W**2, axis=(1, 2, 3))
    grey = 3 * np.sum(W.mean(axis=1) ** 2, axis=(1, 2))
    return np.where(energy > 0, np.maximum(1 - grey / np.where(energy > 0, energy, 1), 0), 0.0)


def permutation_p(a: np.ndarray, b: np.ndarray, rng: np.random.Generator, permutations: int = 5000) -> float:
    """Return how often kernels dealt to the groups at random differ as much in their means as the groups do.

    p = (1 + permutations with |mean difference| >= the groups') / (1 + permutations)
    """
    both, n = np.concatenate([a, b]), len(a)
    dealt = rng.permuted(np.tile(both, (permutations, 1)), axis=1)
    differences = abs(dealt[:, :n].mean(axis=1) - dealt[:, n:].mean(axis=1))
    return float((1 + np.sum(differences >= abs(a.mean() - b.mean()) - 1e-12)) / (1 + permutations))


def halves(W: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the colour of the kernels of group a, and of group b."""
    values = colour(W)
    return values[: len(W) // 2], values[len(W) // 2 :]


def cells(W: np.ndarray) -> list[str]:
    """Return the mean colour of each half, the difference, the deviation among all kernels, and p, as text."""
    a, b = halves(W)
    p = permutation_p(a, b, np.random.default_rng(0))
    return [f"{value:.3f}" for value in (a.mean(), b.mean(), a.mean() - b.mean(), colour(W).std())] + [f"{p:.2g}"]


HEAD = ["group a", "group b", "difference", "deviation among kernels", "p"]  # of cells


class FirstKernels(NamedTuple):
    """The kernels of conv1, and in how many groups they were trained."""

    W: np.ndarray  # (C_out, 3, K, K)
    groups: int


def first_kernels(path: Path) -> FirstKernels:
    """Return the kernels of conv1 of a run, or of a file of weights that others trained (docs/weights.md).

    The groups are known from conv2, whose kernels read those of their own group alone.

    Errors: those of `load_run` and `read_weights`; ValueError if there is no conv1.
    """
    arrays = load_run(path).net.state() if path.is_dir() else read_weights(path)
    arrays = ungrouped({name: value for name, value in arrays.items() if value.ndim == 4})
    for family, names in namings(["conv1.W", "conv2.W"]):
        if names["conv1.W"] in arrays:
            theirs = {name: arrays[names[name]] for name in names if names[name] in arrays}
            if theirs["conv1.W"].shape[2] == 3 != theirs["conv1.W"].shape[1]:  # kernels last, as in TensorFlow
                theirs = {name: W.transpose(3, 2, 0, 1) for name, W in theirs.items()}
            state, _ = with_our_input(family, theirs)
            W = state["conv1.W"]
            return FirstKernels(W, len(W) // state["conv2.W"].shape[1] if "conv2.W" in state else 1)
    got = ", ".join(list(arrays)[:3]) or "no kernels"
    raise expected(path, "an array conv1.W", got, "see docs/weights.md for the names that are known")

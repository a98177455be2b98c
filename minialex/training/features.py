"""The outputs of a layer as features of images, and the nearest of them (Figure 4 of the paper, right)."""

import numpy as np

from minialex.checks import check_integers, described, did_you_mean, expected
from minialex.data import Split, batches, centre_crop
from minialex.layer import Layer
from minialex.summary import activations
from minialex.training.evaluate import known_inputs

BLOCK = 256  # queries whose distances to all keys are in memory at a time


def features(
    net: Layer, split: Split, *, layer: str | None = None, mean: np.ndarray | None = None, std=None,
    batch: int = 128, crop: int | None = None,
) -> np.ndarray:  # fmt: skip
    """Return the outputs of a layer for the images of a split, in evaluation mode, a row for each image.

    Shapes: float32 (N, F), maps are flattened; the outputs of several groups are concatenated.
    Args:   layer, its full name as in `activations`, or its name in every group ("relu7"); None: what the last layer
            reads; mean, std, batch, crop as in `evaluate`.
    Errors: ValueError for a layer that the net does not have.
    """
    mean, std = known_inputs(net, mean, std)
    rows = []
    for images, _ in batches(split, batch, mean=mean, std=std):
        values = activations(net, images if crop is None else centre_crop(images, crop))
        rows.append(np.concatenate([flat(values[name]) for name in chosen_layers(list(values), layer)], axis=1))
    return np.concatenate(rows)


def chosen_layers(names: list[str], layer: str | None) -> list[str]:
    """Return the names of the outputs that are meant by `layer`."""
    if layer is None:
        return names[-2:-1] or names
    if layer in names:
        return [layer]
    inside = [name for name in names if name.rpartition(".")[2] == layer]
    if not inside:
        known = dict.fromkeys(part for name in names for part in (name.rpartition(".")[2], name))
        advice = did_you_mean(layer, known) or f"choose one of {', '.join(known)}"
        raise expected("features", "a layer of the net", repr(layer), advice)
    return inside


def flat(y) -> np.ndarray:
    """Return the outputs of a layer, or of each group, as rows."""
    return np.concatenate([a.reshape(len(a), -1) for a in (y if isinstance(y, tuple) else (y,))], axis=1)


def nearest(queries: np.ndarray, keys: np.ndarray, k: int) -> np.ndarray:
    """Return the indices of the k keys that are nearest to each query by Euclidean distance, the nearest first.

        |q - x|^2 = |q|^2 - 2 q.x + |x|^2

    Shapes: queries (Q, F), keys (N, F) -> int64 (Q, k); of equal distances the lower index is first.
    Errors: ValueError for rows of different lengths, or fewer than k keys.
    """
    check_integers("nearest", k=k)
    if queries.ndim != 2 or keys.ndim != 2 or queries.shape[1] != keys.shape[1]:
        got = f"{described(queries)} and {described(keys)}"
        raise expected("nearest", "queries (Q, F) and keys (N, F)", got, "flatten them; take the same layer")
    if len(keys) < k:
        raise expected("nearest", f"at least k = {k} keys", len(keys), "reduce k")
    centre = keys.mean(axis=0, dtype=np.float64)  # distances stay the same, and rounding errors become smaller
    keys, queries = (keys - centre).astype(np.float32), (queries - centre).astype(np.float32)
    squares = np.sum(keys**2, axis=1, dtype=np.float64)
    indices = []
    for start in range(0, len(queries), BLOCK):
        distances = squares - 2 * (queries[start : start + BLOCK] @ keys.T)  # |q|^2 is the same for all keys
        indices.append(np.argsort(distances, axis=1, kind="stable")[:, :k])
    return np.concatenate(indices)

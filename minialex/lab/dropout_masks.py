"""Dropout as an ensemble (section 4.2): the outputs of one net under many masks, averaged."""

from typing import Any

import numpy as np

from minialex.data import Split, batches
from minialex.layers.softmax import softmax
from minialex.sequential import Sequential

MASKS = 30
BATCH = 500


def mask_errors(net: Sequential, split: Split, masks: int = MASKS) -> dict[str, Any]:
    """Return the errors of a trained net when its probabilities under several dropout masks are averaged.

    {"mean": errors of the arithmetic mean over the first 1, 2, ... masks, "geometric": that of the geometric mean over
    all, "one": the mean error under one mask, "halved": the error of outputs halved, without masks}
    """
    wrong: dict[str, Any] = {"mean": 0, "one": 0, "geometric": 0, "halved": 0}
    for x, labels in batches(split, BATCH, mean=net.input_mean, std=net.input_std):
        h, rest = before_dropout(net, x)
        p = np.stack([softmax(np, applied(rest, h)) for _ in range(masks)])
        means = np.cumsum(p, axis=0) / np.arange(1, masks + 1)[:, None, None]
        wrong["mean"] += count_wrong(means, labels)
        wrong["one"] += count_wrong(p, labels)
        wrong["geometric"] += count_wrong(np.log(np.maximum(p, 1e-30)).mean(axis=0), labels)
        wrong["halved"] += count_wrong(applied(rest, h, training=False), labels)
    wrong["one"] = wrong["one"].mean()
    return {way: (count / len(split)).tolist() for way, count in wrong.items()}


def before_dropout(net: Sequential, x: np.ndarray) -> tuple[np.ndarray, list]:
    """Return what the first dropout reads, and the layers from it on: all before are the same for every mask."""
    layers = list(net)
    first = next((i for i, layer in enumerate(layers) if layer.rng is not None), len(layers))
    return applied(layers[:first], x, training=False), layers[first:]


def applied(layers: list, x: np.ndarray, *, training: bool = True) -> np.ndarray:
    """Return the output of some layers, in training mode (with a mask) or in evaluation mode."""
    for layer in layers:
        was, layer.training = layer.training, training
        x = layer.forward(x)
        layer.training = was
    return x


def count_wrong(outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how many of the images (the last axis but one) have their largest output elsewhere than at the label."""
    return np.sum(np.argmax(outputs, axis=-1) != labels, axis=-1)

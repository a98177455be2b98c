"""Evaluation: top-1 and top-5 errors (section 2 of the paper)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minialex.data import Split, batches
from minialex.device import host
from minialex.layer import Layer
from minialex.layers.softmax import softmax


def evaluate(net: Layer, split: Split, *, mean: np.ndarray, batch: int = 128) -> dict[str, float]:
    """The errors of a net on images: {"top1_error", "top5_error", "loss", "views", "images"}.

    top5_error is the fraction of images whose label is not among the five likeliest. The net is set back to training
    mode if it was in it.

    Args:   mean, the mean image of the training set; batch, images at a time.
    """
    ranks, losses = [], []
    for p, labels in probabilities(net, split, mean=mean, batch=batch):
        p_label = np.take_along_axis(p, labels[:, None], axis=1)
        # Of equal probabilities the lower class counts first, as in argmax; a net that answers the same for
        # everything then has the error of guessing, not 0.
        before = (p > p_label) | ((p == p_label) & (np.arange(p.shape[1]) < labels[:, None]))
        ranks.append(np.where(np.isnan(p_label[:, 0]), p.shape[1], np.sum(before, axis=1)))
        losses.append(-np.log(np.maximum(p_label[:, 0], np.finfo(p.dtype).tiny)))
    rank, loss = np.concatenate(ranks), np.concatenate(losses)
    return {
        "top1_error": float(np.mean(rank >= 1)),
        "top5_error": float(np.mean(rank >= 5)),
        "loss": float(np.mean(loss)),
        "views": 1,
        "images": len(rank),
    }


def probabilities(net: Layer, split: Split, *, mean: np.ndarray, batch: int = 128) -> Iterator:
    """The net's probabilities (n, classes) in evaluation mode, batch by batch, each with its labels."""
    was_training = net.training
    net.eval()
    try:
        for images, labels in batches(split, batch, mean=mean):
            logits = host.put(net.forward(net.device.put(images)))
            yield softmax(np, logits), labels
    finally:
        if was_training:
            net.train()

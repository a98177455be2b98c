"""Evaluation: top-1 and top-5 errors (section 2 of the paper), from one view of each image or several (section 4.1)."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import numpy as np

from minialex.checks import check_kinds, expected
from minialex.data import Split, ahead, batches
from minialex.data.augmentation import views_of
from minialex.devices import host
from minialex.layer import Layer
from minialex.layers.softmax import softmax


def evaluate(
    net: Layer, split: Split, *, mean: np.ndarray | None = None, std=None, batch: int = 128, views: int = 1,
    crop: int | None = None,
) -> dict[str, float]:  # fmt: skip
    """Return the errors of a net on images: {"top1_error", "top5_error", "loss", "views", "images"}.

    top5_error is the fraction of images whose label is not among the five most probable. The net is set back to
    training mode if it was in it.

    Args:   mean, std, subtracted from the images and dividing them (None: those that `fit` has used); batch, images at
            a time; views, 1: the centre of each image, 10: also its corners and the reflections of all five, softmax
            outputs averaged (section 4.1), 2 and 6: variants (`VIEWS` in data/augmentation/views.py); crop, the side of
            a view in pixels (None: the whole image).
    Errors: ValueError for other views than 1, 2, 6 and 10, or images smaller than the crop.
    """
    return judge(net, split, mean=mean, std=std, batch=batch, views=views, crop=crop)[0]


def judge(
    net: Layer, split: Split, *, mean: np.ndarray | None = None, std=None, batch: int = 128, views: int = 1,
    crop: int | None = None,
) -> tuple[dict[str, float], np.ndarray]:  # fmt: skip
    """Return what `evaluate` returns, and the confusion matrix: (true class, predicted class), in images."""
    return judged(probabilities(net, split, mean=mean, std=std, batch=batch, views=views, crop=crop), views)


def judged(batches: Iterable, views: int) -> tuple[dict[str, float], np.ndarray]:
    """Return the errors of probabilities (n, classes), given batch by batch with their labels, and the confusions."""
    ranks, losses, cells = [], [], []
    for p, labels in batches:
        p_label = np.take_along_axis(p, labels[:, None], axis=1)
        # Of equal probabilities the lower class counts first, as in argmax; a net with one constant output then has
        # the error of guessing, not 0.
        above = (p > p_label) | ((p == p_label) & (np.arange(p.shape[1]) < labels[:, None]))
        ranks.append(np.where(np.isnan(p_label[:, 0]), p.shape[1], np.sum(above, axis=1)))
        losses.append(-np.log(np.maximum(p_label[:, 0], np.finfo(p.dtype).tiny)))
        cells.append(labels * p.shape[1] + np.argmax(p, axis=1))
    rank, loss, classes = np.concatenate(ranks), np.concatenate(losses), p.shape[1]
    confusion = np.bincount(np.concatenate(cells), minlength=classes**2).reshape(classes, classes)
    return {
        "top1_error": float(np.mean(rank >= 1)),
        "top5_error": float(np.mean(rank >= 5)),
        "loss": float(np.mean(loss)),
        "views": views,
        "images": len(rank),
    }, confusion


def probabilities(
    net: Layer, split: Split, *, mean: np.ndarray | None = None, std=None, batch: int = 128, views: int = 1,
    crop: int | None = None,
) -> Iterator:  # fmt: skip
    """Yield the net's probabilities (n, classes) in evaluation mode, batch by batch, each with its labels."""
    check_kinds("evaluate", Layer, "pass a net", net=net)
    check_kinds("evaluate", Split, "pass Split.from_arrays(images, labels)", split=split)
    mean, std = known_inputs(net, mean, std)
    was_training = net.training
    net.eval()
    try:
        with closing(ahead(batches(split, batch, mean=mean, std=std, rows=net.rows))) as prepared:
            for images, labels in prepared:
                seen = views_of(images, views, crop)
                outputs = (softmax(np, host.put(net.forward(net.device.put(view)))) for view in seen)
                yield sum(outputs) / views, labels
    finally:
        if was_training:
            net.train()


def known_inputs(net: Layer, mean: np.ndarray | None, std) -> tuple[np.ndarray, Any]:
    """Return the mean and the deviation that are given, else those that `fit` has kept with the net."""
    mean, std = net.input_mean if mean is None else mean, net.input_std if std is None else std
    if mean is None:
        advice = "pass mean=mean_image(training images), or a net that fit has trained"
        raise expected("evaluate", "mean, which was subtracted in training", "none", advice)
    return mean, 1.0 if std is None else std

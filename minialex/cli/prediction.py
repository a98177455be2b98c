"""Prediction: the most probable labels of image files, as in Figure 4 of the paper, as text and as a picture.

The net is that of a run, or comes from a file of weights.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from minialex.checks import expected
from minialex.data import Split, centre_crop, read_image
from minialex.data.folders.labels import read_labels
from minialex.devices import Device
from minialex.models import load_weights_file
from minialex.models.weights import READERS
from minialex.sequential import Sequential
from minialex.training.evaluate import probabilities
from minialex.training.run_folder import Run

RESCALED = 256  # the shorter side of an image before its central square is cut out for a net from a file (section 2)


class Predictor(NamedTuple):
    """A net with what prediction needs: mean image, labels, input size, batch size."""

    net: Sequential
    mean: np.ndarray  # (3, image_size, image_size)
    labels: Sequence[str]
    image_size: int
    rescaled: int  # the shorter side, before the square of image_size is cut out
    batch: int

    def with_labels(self, path: Path) -> Self:
        """Return the same net with the labels in a file; ValueError if they are not as many as its classes."""
        labels = read_labels(path)
        if len(labels) != len(self.labels):
            what = f"{len(self.labels)} labels, one for each class of the net"
            raise expected(path, what, len(labels), "give the file that belongs to the net")
        return self._replace(labels=labels)

    def read(self, paths: Sequence[Path]) -> np.ndarray:
        """Read image files and return their central squares: uint8 (N, 3, image_size, image_size)."""
        return centre_crop(np.stack([read_image(path, self.rescaled) for path in paths]), self.image_size)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return the probability of each class for each image, (N, classes)."""
        split = Split(images, np.zeros(len(images), np.int64))
        return np.concatenate([p for p, _ in probabilities(self.net, split, mean=self.mean, batch=self.batch)])


def is_weights(path: Path) -> bool:
    """Tell whether a path names a file of weights, and not the folder of a run."""
    return path.is_file() or (path.suffix in READERS and not path.exists())


def from_weights(path: Path, devices: Sequence[Device]) -> Predictor:
    """Load the net in a file of weights; its labels are the numbers of its classes."""
    loaded = load_weights_file(path, devices)
    labels = [str(number) for number in range(loaded.classes)]
    return Predictor(loaded.net, loaded.mean, labels, loaded.image_size, RESCALED, batch=32)


def from_run(run: Run) -> Predictor:
    """Return the best net of a run."""
    size = run.config.image_size
    mean = centre_crop(run.mean[None], size)[0]
    return Predictor(run.net, mean, run.classes, size, run.config.scale, run.config.batch)


def answers(predictor: Predictor, paths: Sequence[Path], p: np.ndarray, top: int) -> list[dict]:
    """Return the `top` most probable labels of each image, as `minialex predict --json` prints them."""
    most_probable = np.argsort(-p, axis=1, kind="stable")[:, :top]
    return [
        {"image": str(path), "top": [{"label": predictor.labels[i], "probability": float(row[i])} for i in best]}
        for path, row, best in zip(paths, p, most_probable, strict=True)
    ]


def bars(answer: dict) -> str:
    """Return an image's most probable labels as text, each with a bar."""
    width = max(len(each["label"]) for each in answer["top"])
    lines = [
        f"  {each['label']:<{width}}  {each['probability']:6.1%}  {'#' * round(40 * each['probability'])}".rstrip()
        for each in answer["top"]
    ]
    return "\n".join([answer["image"], *lines])


def draw_answers(path: str | os.PathLike, images: np.ndarray, p: np.ndarray, labels: Sequence[str], top: int) -> None:
    """Draw the images with their most probable labels into a picture file."""
    from minialex.plots import predictions, save  # late: matplotlib takes half a second

    save(predictions(images, p, labels, top=top), path)

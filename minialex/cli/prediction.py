"""What a net says of image files: their likeliest labels, as in Figure 4 of the paper, as lines and as a picture.

The net is that of a run, or comes from a file of weights.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from minialex.data import Split, centre_crop, read_image
from minialex.data.folders.labels import read_labels
from minialex.devices import Device
from minialex.models import load_weights_file
from minialex.models.weights import READERS
from minialex.sequential import Sequential
from minialex.training.evaluate import probabilities
from minialex.training.run import Run

RESCALED = 256  # the shorter side of an image before its central square is cut out for a net from a file (section 2)


class Asked(NamedTuple):
    """A net to ask, and what the images are to be for it."""

    net: Sequential
    mean: np.ndarray  # (3, image_size, image_size)
    labels: list[str]
    image_size: int
    rescaled: int  # the shorter side, before the square of image_size is cut out
    batch: int

    def with_labels(self, path: Path) -> Self:
        """The same net with the labels in a file; ValueError if they are not as many as its classes."""
        labels = read_labels(path)
        if len(labels) != len(self.labels):
            raise ValueError(
                f"{path}: expected {len(self.labels)} labels, one for each class of the net, got {len(labels)}; "
                "give the file that belongs to the net"
            )
        return self._replace(labels=labels)

    def read(self, paths: Sequence[Path]) -> np.ndarray:
        """The images' central squares: uint8 (N, 3, image_size, image_size)."""
        start = (self.rescaled - self.image_size) // 2
        part = slice(start, start + self.image_size)
        return np.stack([read_image(path, self.rescaled)[:, part, part] for path in paths])

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """The net's answers, (N, classes)."""
        split = Split(images, np.zeros(len(images), np.int64))
        return np.concatenate([p for p, _ in probabilities(self.net, split, mean=self.mean, batch=self.batch)])


def is_weights(path: Path) -> bool:
    """Whether a file of weights is meant, and not the folder of a run."""
    return path.is_file() or (path.suffix in READERS and not path.exists())


def from_weights(path: Path, devices: Sequence[Device]) -> Asked:
    """The net in a file of weights; its classes are numbers until they are given labels."""
    loaded = load_weights_file(path, devices)
    labels = [str(number) for number in range(loaded.classes)]
    return Asked(loaded.net, loaded.mean, labels, loaded.image_size, RESCALED, batch=32)


def from_run(run: Run) -> Asked:
    """The best net of a run."""
    size, scale = run.config["image_size"], run.config["scale"]
    mean = centre_crop(run.mean[None], size)[0]
    return Asked(run.net, mean, run.classes, size, scale, run.config["batch"])


def answers(asked: Asked, paths: Sequence[Path], p: np.ndarray, top: int) -> list[dict]:
    """The `top` likeliest labels of each image, as `minialex predict --json` prints them."""
    likeliest = np.argsort(-p, axis=1, kind="stable")[:, :top]
    return [
        {"image": str(path), "top": [{"label": asked.labels[i], "probability": float(row[i])} for i in best]}
        for path, row, best in zip(paths, p, likeliest, strict=True)
    ]


def bars(answer: dict) -> str:
    """An image's likeliest labels, each with a bar."""
    width = max(len(found["label"]) for found in answer["top"])
    lines = [
        f"  {found['label']:<{width}}  {found['probability']:6.1%}  {'#' * round(40 * found['probability'])}".rstrip()
        for found in answer["top"]
    ]
    return "\n".join([answer["image"], *lines])


def draw(path: str | os.PathLike, images: np.ndarray, p: np.ndarray, labels: list[str], top: int) -> None:
    """The images with their likeliest labels, as a picture file."""
    from minialex.plots import predictions, save  # late: matplotlib takes half a second

    save(predictions(images, p, labels, top=top), path)

"""Prediction: the probability of each class, for images in memory or in files (Figure 4 of the paper)."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from minialex.checks import described, expected
from minialex.data import Split, centre_crop, read_image, resize
from minialex.data.folders.labels import read_labels
from minialex.devices import Device, host
from minialex.models import load_weights_file
from minialex.sequential import Sequential
from minialex.training.evaluate import probabilities

RESCALED = 256  # the shorter side of an image before its central square is cut out for a net from a file (section 2)


class Predictor(NamedTuple):
    """A net with what prediction needs: mean, deviation, labels, input size, batch size."""

    net: Sequential
    mean: np.ndarray  # (C, image_size, image_size), or a number a channel (C, 1, 1)
    std: Any
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

    def read(self, paths: Sequence[str | os.PathLike], least: int = 0) -> np.ndarray:
        """Read image files and return their central squares: uint8 (N, C, image_size, image_size).

        Args:   least, pixels: the same squares are returned at this size, to be looked at, where the net's is smaller.
        """
        rescaled = max(self.rescaled, least)
        side = round(rescaled * self.image_size / self.rescaled)
        images = [read_image(path, rescaled, channels=len(self.mean)) for path in paths]
        return centre_crop(np.stack(images), side)

    def fitted(self, images: np.ndarray) -> np.ndarray:
        """Return images in memory at the net's size: cut out of the centre, after rescaling if they are others."""
        if not (hasattr(images, "ndim") and images.ndim == 4 and images.shape[2] == images.shape[3]):
            raise expected(
                "predict", "square images (N, C, H, W), or paths", described(images), "transpose or cut them"
            )
        if images.shape[2] == self.image_size:
            return images
        return centre_crop(resize(images, self.rescaled), self.image_size)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return the probability of each class for each image, (N, classes)."""
        split = Split(images, np.zeros(len(images), np.int64))
        batches = probabilities(self.net, split, mean=self.mean, std=self.std, batch=self.batch)
        return np.concatenate([p for p, _ in batches])

    def predict(self, images: np.ndarray | Sequence[str | os.PathLike] | str | os.PathLike) -> np.ndarray:
        """Return the probability of each class (N, classes), of images in memory, of image files, or of one file."""
        if isinstance(images, str | os.PathLike):
            images = [images]
        if isinstance(images, list | tuple) and images and all(isinstance(one, str | os.PathLike) for one in images):
            return self.probabilities(self.read(images))
        return self.probabilities(self.fitted(images))  # type: ignore[arg-type]


def from_weights(path: Path, devices: Sequence[Device] = (host,)) -> Predictor:
    """Load the net in a file of weights; its labels are the numbers of its classes."""
    loaded = load_weights_file(path, devices)
    labels = [str(number) for number in range(loaded.classes)]
    return Predictor(loaded.net, loaded.mean, 1.0, labels, loaded.image_size, RESCALED, batch=32)

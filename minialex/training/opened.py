"""A finished run, opened for use: `run = load_run("runs/mine")`, `run.predict(["cat.jpg"])`."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.checks import check_kinds
from minialex.data import Dataset, Split, centre_crop
from minialex.sequential import Sequential
from minialex.training.checkpoint import kept_history
from minialex.training.config import RunConfig
from minialex.training.edits import OF_THE_NET, check_metrics, check_settings
from minialex.training.evaluate import judged, probabilities
from minialex.training.history import read_history
from minialex.training.net_file import set_weights
from minialex.training.predictor import Predictor
from minialex.training.resuming import BEST, NEWEST
from minialex.training.run_arrays import about_in, read_arrays
from minialex.training.run_data import load_data


class Run(NamedTuple):
    """A training in its folder, opened for use: the net with its best weights, in evaluation mode."""

    folder: Path
    config: RunConfig
    net: Sequential

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.config.classes

    @property
    def history(self) -> list[dict]:
        """One dict an epoch, the columns of metrics.csv, which must be what the checkpoint contains."""
        check_metrics(self.folder, kept_history(self.folder / NEWEST), longer=True)
        return read_history(self.folder / "metrics.csv")

    @property
    def predictor(self) -> Predictor:
        """The net with what prediction needs."""
        c, mean = self.config, self.net.input_mean
        mean = mean if mean.shape[1] == 1 else centre_crop(mean[None], c.image_size)[0]
        return Predictor(self.net, mean, self.net.input_std, self.classes, c.image_size, c.scale, c.batch)

    def predict(self, images: np.ndarray | Sequence[str | os.PathLike] | str | os.PathLike) -> np.ndarray:
        """Return the probability of each class (N, classes), in the order of `classes`.

        Args:   images, (N, C, H, W) in memory, or paths of image files; others than the run's size are rescaled, and
                the central square is cut out.
        """
        return self.predictor.predict(images)

    def evaluate(self, data: str | os.PathLike | Dataset | Split | None = None, *, views: int = 1) -> dict[str, float]:
        """Return the errors on images for validation, as `minialex.training.evaluate` does.

        Args:   data, "shapes", "cifar10", a folder, a Dataset or a Split (None: the run's own); views, 1, 2, 6 or
                10.
        Errors: ValueError for images of other classes or of another size; FileNotFoundError if they are gone.
        """
        return self.judge(self.validation_images(data), views)[0]

    def validation_images(self, data: str | os.PathLike | Dataset | Split | None) -> Split:
        """Return the images that `evaluate` takes."""
        if isinstance(data, Split):
            return data
        if not isinstance(data, Dataset):
            limit = self.config.limit if data is None else None
            other = None if data is None else str(data)
            data = load_data(self.config, self.folder, other=other, limit=limit, reported=("val", "test"))
        return data.val

    def judge(self, images: Split, views: int) -> tuple[dict[str, float], np.ndarray]:
        """Return the errors, and the confusion matrix."""
        return judged(self.probabilities(images, views), views)

    def probabilities(self, images: Split, views: int) -> Iterator:
        """Yield the probabilities of each class, batch by batch, each with its labels."""
        c = self.config
        return probabilities(self.net, images, batch=c.batch, views=views, crop=c.image_size)


def load_run(folder: str | os.PathLike, config: RunConfig | None = None) -> Run:
    """Open the run in a folder; `config`, if given, replaces its config.json (which is then not read).

    Errors: FileNotFoundError if the folder holds no run; ValueError, naming the file, if one is damaged; RuntimeError
            if config.json is not that of the weights, or a newer version has written them.
    """
    check_kinds("load_run", str | os.PathLike, "pass the folder of a run", folder=folder)
    folder = Path(folder)
    config = config or RunConfig.read(folder).in_one_process()
    net = config.build(np.random.default_rng(0))
    path = folder / BEST
    arrays = read_arrays(path)
    check_settings(folder, config, about_in(path, arrays).get("settings"), OF_THE_NET)
    set_weights(path, arrays, net)
    net.eval()
    return Run(folder, config, net)

"""One row of a comparison: a net, and how it is trained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from minialex.data import Augmentation, Dataset, Split, channel_statistics, mean_image
from minialex.data.augmentation import AugmentationStep
from minialex.sequential import Sequential
from minialex.training import SGD, Diverged, evaluate, fit
from minialex.training.step_schedules import ByStep


def usual_rule(net: Sequential, lr: float, **options) -> SGD:
    """Return momentum 0.9, a decay of 0.0005 for the weights, and twice the rate and no decay for the biases.

    Args:   options, others of `SGD`.
    """
    return SGD(net, lr, bias_lr=2 * lr, bias_decay=0.0, **options)


def unit_variance(split: Split) -> tuple[np.ndarray, Any]:
    """Return mean and deviation of each channel, for inputs of deviation 1."""
    return channel_statistics(split.images)


def levels(split: Split) -> tuple[np.ndarray, Any]:
    """Return the mean image alone, for pixels of 0 to 255 minus it, with which initial weights of 2012 go."""
    return mean_image(split.images), 1.0


class RiseAndFall(ByStep):
    """A schedule that rises over the first tenth of the steps, then stays, and is a tenth in the last quarter.

    Without the rise some seeds of a net lose most of their ReLU units in the first steps: the deviation between seeds
    is up to five times as large, and comparisons measure that.
    """

    def at(self, step: int, steps: int) -> float:
        """Return the factor of the rate after `step` of `steps` steps."""
        return min(1.0, 10 * (step + 1) / steps) if step < 0.75 * steps else 0.1


USUAL_SCHEDULE = RiseAndFall()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A net and its training, where that differs from the other rows' training.

    Args:   net, builds it: net(rng=, classes=, image_size=, channels=); augment, returns the steps for a training set;
            rule, the update rule of a net at a rate; inputs, mean and deviation from a training set; batch, images a
            step; published, a cell of the table: what the paper or its source found; claimed, the difference to the
            first row in points that they found.
    """

    net: Callable[..., Sequential]
    augment: Callable[[Dataset], Sequence[AugmentationStep]] = lambda dataset: ()
    rule: Callable[[Sequential, float], Any] = usual_rule
    inputs: Callable[[Split], tuple[np.ndarray, Any]] = unit_variance
    schedule: Callable = USUAL_SCHEDULE
    batch: int = 128
    published: str = ""
    claimed: float | None = None

    def untrained(self, dataset: Dataset, rng: np.random.Generator) -> Sequential:
        """Build the net for the images of a dataset."""
        return self.net(rng=rng, classes=len(dataset.classes), image_size=dataset.image_size, channels=dataset.channels)

    def train(
        self, dataset: Dataset, *, lr: float, epochs: int, seed: int, limit: int | None,
        watch: Callable[[Sequential, Split, list[dict]], bool | None] | None = None, **options,
    ) -> tuple[Sequential, Split, list[dict]]:  # fmt: skip
        """Train the net once; return it, the images it was trained on, and the history.

        The seed draws the images (as many of each class), the initial weights and the order. `watch` is called after
        each epoch with what is returned then; training ends when it returns True. `options` are `fit`'s.
        """
        train = drawn(dataset.train, limit, seed)
        rng = np.random.default_rng(seed)
        net = self.untrained(dataset, rng)
        mean, std = self.inputs(train)
        steps = self.augment(Dataset(dataset.name, dataset.classes, train, dataset.val))
        if watch:
            options["after_epoch"] = partial(watch, net, train)
        history = fit(
            net, train, sgd=self.rule(net, lr), epochs=epochs, rng=rng, batch=self.batch, mean=mean, std=std,
            schedule=self.schedule, augment=Augmentation(list(steps), seed=seed), progress=False, **options,
        )  # fmt: skip
        return net, train, history

    def errors(self, dataset: Dataset, **training) -> dict[str, Any]:
        """Train the net once; return its errors on training and validation images, in evaluation mode."""
        try:
            net, train, history = self.train(dataset, **training)
        except Diverged:
            chance = 1 - 1 / len(dataset.classes)
            return {"train_error": chance, "val_error": chance, "diverged": True}
        return self.measured(net, train, dataset.val, history)

    def measured(self, net: Sequential, train: Split, val: Split, history: list[dict]) -> dict[str, Any]:
        """Return the errors of a trained net; an experiment may measure more."""
        result = evaluate(net, val)
        return {
            "train_error": evaluate(net, train.limit(len(val)))["top1_error"],
            "val_error": result["top1_error"],
            "val_top5_error": result["top5_error"],
            "val_loss": result["loss"],
            "while_learning": [row["train_error"] for row in history],
        }


def drawn(split: Split, limit: int | None, seed: int) -> Split:
    """Return `limit` of the images, as evenly over the classes as can be, drawn by the seed (None: all)."""
    if limit is None or limit >= len(split):
        return split
    return split.take(np.random.default_rng([seed, 1]).permutation(len(split))).limit(limit)

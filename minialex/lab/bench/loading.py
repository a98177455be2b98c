"""`minialex bench MODEL --loading FOLDER`: what the way from the photograph to the net costs, stage by stage.

Training does not wait for images if preparing a batch in the background costs little of the step. So steps on one fixed
batch and steps on batches from the loader are taken in turns, and their medians compared: what the loader's thread
takes from the net's own is in the second, not only what the net waits.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from statistics import median

import numpy as np

from minialex.data import Augmentation, Prepared, Split, ahead, batches, prepare, read_prepared
from minialex.data.augmentation import augmentation, scale_for
from minialex.data.prepared.prepared import is_prepared
from minialex.devices import Host, host
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import build, recipe
from minialex.presets import AUGMENT
from minialex.training import SGD, evaluate


def bench_loading(
    model: str, folder: Path, *, batch: int = 128, repetitions: int = 5, workers: int | None = None
) -> dict:
    """Images a second of each stage alone and of all together, and the loader's share of the step.

    Args:   folder, of images or prepared; of images, they are prepared in a temporary folder first, and that is timed.
    """
    size = recipe(model).bench_size or recipe(model).image_size
    seconds: dict[str, float] = {}  # an image
    with tempfile.TemporaryDirectory() as scratch:
        if is_prepared(folder):
            dataset = read_large(folder, size)
        else:
            done = prepare(folder, Path(scratch) / "prepared", size=scale_for(size, AUGMENT))
            dataset, seconds["decode, rescale, write"] = done.dataset, done.seconds / done.decoded
        loader = Loader(dataset, size, batch)
        net = build(model, [Host(workers=workers) if workers else host], rng=np.random.default_rng(0),
                    classes=len(dataset.classes), image_size=size)  # fmt: skip
        seconds |= loader.alone(repetitions)
        seconds |= together(net, loader, repetitions)
        seconds |= {f"evaluate, {views} views": evaluating(net, loader, views) for views in (1, 10)}
    alone, loaded = seconds["step on a fixed batch"], seconds["step with loading"]
    return {
        "images_per_second": {name: 1 / each for name, each in seconds.items()},
        "loading_share": loaded / alone - 1,
        "settings": {"model": model, "batch": batch, "image_size": size, "repetitions": repetitions},
    }


def read_large(folder: Path, size: int) -> Prepared:
    """Prepared images, if crops of this size fit into them."""
    dataset = read_prepared(folder)
    if dataset.image_size < size:
        raise ValueError(
            f"{folder}: expected images of {size} pixels at least, got {dataset.image_size}; "
            f"prepare them with --size {scale_for(size, AUGMENT)}"
        )
    return dataset


class Loader:
    """Batches of a prepared set, augmented as the paper has it, without end."""

    def __init__(self, dataset: Prepared, size: int, batch: int):
        self.dataset, self.size, self.batch = dataset, size, batch
        self.augment: Augmentation = augmentation(
            AUGMENT, size=size, seed=0, colour="paper", components=dataset.colour_components
        )

    def __iter__(self) -> Iterator:
        train = self.dataset.train
        full = train if len(train) >= self.batch else repeated(train, self.batch)
        for number in count(1):
            epoch = self.augment.epoch(number, len(full))
            rng = np.random.default_rng(number)
            for images, labels in batches(full, self.batch, mean=self.dataset.mean, rng=rng, epoch=epoch):
                if len(labels) == self.batch:  # a last, smaller batch would make a shorter step
                    yield images, labels

    def alone(self, repetitions: int) -> dict[str, float]:
        """Seconds an image: reading it from the shards, and all that is done to it, on one thread."""
        train, rng = self.dataset.train, np.random.default_rng(0)
        some = rng.integers(0, len(train), self.batch)
        read = median(timed(lambda: train.images[some]) for _ in range(repetitions))
        endless = iter(self)
        prepared = median(timed(lambda: next(endless)) for _ in range(repetitions))
        return {"read from shards": read / self.batch, "read, crop, reflect, colour": prepared / self.batch}


def together(net, loader: Loader, repetitions: int) -> dict[str, float]:
    """Seconds an image of a training step, on a fixed batch and with loading, in turns."""
    head, sgd = SoftmaxCrossEntropy(), SGD(net, 1e-4)
    found: dict[str, list[float]] = {"step on a fixed batch": [], "step with loading": []}

    def step(images, labels) -> None:
        head.forward(net.forward(images), labels)
        net.backward(head.backward())
        sgd.step()

    with closing(ahead(iter(loader))) as ready:
        fixed = next(ready)
        step(*fixed)
        for _ in range(repetitions):
            found["step on a fixed batch"].append(timed(lambda: step(*fixed)))
            found["step with loading"].append(timed(lambda: step(*next(ready))))
    return {name: median(times) / loader.batch for name, times in found.items()}


def evaluating(net, loader: Loader, views: int) -> float:
    dataset = loader.dataset
    some = dataset.train.limit(4 * loader.batch)
    seconds = timed(lambda: evaluate(net, some, mean=dataset.mean, batch=loader.batch, views=views, crop=loader.size))
    return seconds / len(some)


def repeated(split: Split, least: int) -> Split:
    """The images again and again, until there are enough for a batch."""
    return split.take(np.arange(least) % len(split))


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def as_table(found: dict) -> str:
    """The report as text."""
    s = found["settings"]
    rates = found["images_per_second"]
    width = max(map(len, rates))
    lines = [f"{s['model']}, crops of {s['image_size']} pixels, batch {s['batch']}; medians of {s['repetitions']}", ""]
    lines += [f"{name:<{width}}  {rate:9,.0f} images a second" for name, rate in rates.items()]
    return "\n".join([*lines, "", f"loading costs {found['loading_share']:.1%} of the step"])

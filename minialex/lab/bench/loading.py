"""`minialex bench MODEL --loading FOLDER`: the time of each stage from the photograph to the net.

Training does not wait for images if preparing a batch in the background costs little of the step. So steps on one fixed
batch and steps on batches from the loader are interleaved, and their medians compared: the second includes both the
time that the net waits and the processor time that the loader's thread takes from it.
"""

import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

import numpy as np

from minialex.checks import expected
from minialex.data import Prepared, ahead, prepare, read_prepared
from minialex.data.augmentation import scale_for
from minialex.data.prepared.prepared import is_prepared
from minialex.devices import Host, host
from minialex.lab.bench.endless import Loader
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import build, recipe
from minialex.presets import AUGMENT
from minialex.training import SGD, evaluate


def bench_loading(
    model: str, folder: Path, *, batch: int = 128, repetitions: int = 5, workers: int | None = None
) -> dict:
    """Measure images a second of each stage alone and of all combined, and the loader's share of the step.

    Args:   folder, of images or prepared; images are first prepared in a temporary folder, which is timed too.
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
        devices, rng = [Host(workers=workers) if workers else host], np.random.default_rng(0)
        net = build(model, devices, rng=rng, classes=len(dataset.classes), image_size=size)
        seconds |= loading_alone(loader, repetitions)
        seconds |= interleaved(net, loader, repetitions)
        seconds |= {f"evaluate, {views} views": evaluating(net, loader, views) for views in (1, 10)}
    alone, loaded = seconds["step on a fixed batch"], seconds["step with loading"]
    return {
        "images_per_second": {name: 1 / each for name, each in seconds.items()},
        "loading_share": loaded / alone - 1,
        "settings": {"model": model, "batch": batch, "image_size": size, "repetitions": repetitions},
    }


def read_large(folder: Path, size: int) -> Prepared:
    """Return prepared images, once crops of this size are known to fit into them."""
    dataset = read_prepared(folder)
    if dataset.image_size < size:
        advice = f"prepare them with --size {scale_for(size, AUGMENT)}"
        raise expected(folder, f"images of {size} pixels at least", dataset.image_size, advice)
    return dataset


def loading_alone(loader: Loader, repetitions: int) -> dict[str, float]:
    """Return seconds an image, on one thread: reading it from the shards, and reading plus augmentation."""
    train, rng = loader.dataset.train, np.random.default_rng(0)
    indices = rng.integers(0, len(train), loader.batch)
    read = median(timed(lambda: train.images[indices]) for _ in range(repetitions))
    endless = iter(loader)
    prepared = median(timed(lambda: next(endless)) for _ in range(repetitions))
    return {"read from shards": read / loader.batch, "read, crop, reflect, colour": prepared / loader.batch}


def interleaved(net, loader: Loader, repetitions: int) -> dict[str, float]:
    """Return seconds an image of a training step, on a fixed batch and with loading, interleaved."""
    head, sgd = SoftmaxCrossEntropy(), SGD(net, 1e-4)
    times: dict[str, list[float]] = {"step on a fixed batch": [], "step with loading": []}

    def step(images, labels) -> None:
        head.forward(net.forward(images), labels)
        net.backward(head.backward())
        sgd.step()

    with closing(ahead(iter(loader))) as ready:
        fixed = next(ready)
        step(*fixed)
        for _ in range(repetitions):
            times["step on a fixed batch"].append(timed(lambda: step(*fixed)))
            times["step with loading"].append(timed(lambda: step(*next(ready))))
    return {name: median(each) / loader.batch for name, each in times.items()}


def evaluating(net, loader: Loader, views: int) -> float:
    dataset = loader.dataset
    part = dataset.train.limit(4 * loader.batch)
    seconds = timed(lambda: evaluate(net, part, mean=dataset.mean, batch=loader.batch, views=views, crop=loader.size))
    return seconds / len(part)


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def as_table(result: dict) -> str:
    """Return the report as text."""
    s = result["settings"]
    rates = result["images_per_second"]
    width = max(map(len, rates))
    lines = [f"{s['model']}, crops of {s['image_size']} pixels, batch {s['batch']}; medians of {s['repetitions']}", ""]
    lines += [f"{name:<{width}}  {rate:9,.0f} images a second" for name, rate in rates.items()]
    return "\n".join([*lines, "", f"loading costs {result['loading_share']:.1%} of the step"])

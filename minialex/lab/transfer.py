"""Transfer: what do layers that were trained on some classes bring for others, of which there are few images?

A net is trained on every second class of a data set (all its images). The other classes, a few images of each, are then
learned from scratch and from the trained layers, in the same number of steps, and evaluated on all their validation
images. Each seed is another net, another choice of images, another order.

The idea is that of J. Yosinski, J. Clune, Y. Bengio and H. Lipson, *How transferable are features in deep neural
networks?* (NIPS 2014), who exchange halves of ImageNet's classes; the net here is `small_alexnet`.
"""

import copy
import json
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from minialex.data import Dataset, Split, load
from minialex.files.atomic import write_text
from minialex.lab.few_images import few_of_each, of_classes
from minialex.lab.two_groups import mean_and_error, read_results
from minialex.layers import Dense
from minialex.models import small_alexnet
from minialex.sequential import Sequential
from minialex.training import SGD, Fixed, evaluate, fit
from minialex.training.frozen import freeze

BATCH, LR = 32, 0.01
SCRATCH = "from scratch"
LOW = (LR / 10, {"fc8": 10.0})
WAYS: dict[str, tuple] = {  # the layers that are frozen, the rate, the factors of it
    SCRATCH: ((), LR, {}),
    "nothing frozen": ((), LR, {}),
    "nothing frozen, a tenth of the rate": ((), *LOW),
    "conv1, conv2 frozen, a tenth of the rate": (("conv1", "conv2"), *LOW),
    "all but fc8 frozen": (("lower", "upper", "fc6", "fc7"), *LOW),
}


def transfer(
    out: Path, *, data: str, size: int, epochs: int, images: Sequence[int], steps: int, limit: int | None, seeds: int
) -> str:
    """Train on half of the classes and transfer to the others, keep every error in `out`, and return the table.

    Args:   size, pixels; epochs, of the first training; limit, at most so many images in it; images, of each class in
            the second training; steps, of it; seeds, repetitions. Results in `out` with these settings are not computed
            again.
    """
    settings = {"data": data, "size": size, "epochs": epochs, "images": list(images), "steps": steps, "limit": limit}
    results = read_results(out / "results.json", settings)
    dataset = load(data, image_size=size)
    classes = range(len(dataset.classes))
    first, second = of_classes(dataset, classes[0::2]), of_classes(dataset, classes[1::2])
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(seeds):
        if any(key(seed, n, way) not in results for n, way in product(images, WAYS)):
            trained = first_training(first, seed, epochs, limit)
            for n in images:
                few = few_of_each(second.train, n, np.random.default_rng([seed, n]))
                results |= {key(seed, n, way): error for way, error in errors(trained, few, second, steps, seed)}
            write_text(out / "results.json", json.dumps({"settings": settings, "errors": results}, indent=2))
    text = table(results, images, seeds)
    write_text(out / "table.md", text + "\n")
    return text


def key(seed: int, images: int, way: str) -> str:
    return f"{way}, {images} images a class, seed {seed}"


def first_training(dataset: Dataset, seed: int, epochs: int, limit: int | None) -> Sequential:
    """Return the net trained on the first classes."""
    rng = np.random.default_rng(seed)
    train = dataset.train.limit(limit or len(dataset.train))
    net = small_alexnet(classes=len(dataset.classes), rng=rng, image_size=dataset.image_size)
    sgd = SGD(net, LR, bias_lr=2 * LR, bias_decay=0.0)
    fit(net, train, sgd=sgd, epochs=epochs, rng=rng, schedule=Fixed((max(1, epochs - epochs // 4),)))
    return net


def errors(trained: Sequential, few: Split, dataset: Dataset, steps: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield each way to learn the second classes, and the validation error after it."""
    epochs = max(1, round(steps / -(-len(few) // BATCH)))
    for way, (frozen, lr, factors) in WAYS.items():
        rng, classes = np.random.default_rng([seed, 1]), len(dataset.classes)
        net = small_alexnet(classes=classes, rng=rng, image_size=dataset.image_size)
        mean = None
        if way != SCRATCH:
            head = Dense(512, classes, std=0.05, rng=rng)
            net, mean = copy.deepcopy(trained).replace("fc8", head), trained.input_mean
        freeze(net, frozen)
        sgd = SGD(net, lr, bias_lr=2 * lr, bias_decay=0.0, lr_factors=factors)
        schedule = Fixed((max(1, epochs - epochs // 4),))
        fit(net, few, sgd=sgd, epochs=epochs, rng=rng, schedule=schedule, batch=BATCH, mean=mean, progress=False)
        yield way, evaluate(net, dataset.val)["top1_error"]


def table(results: dict[str, float], images: Sequence[int], seeds: int) -> str:
    """Return mean errors in per cent, and their paired differences to those from scratch, with standard errors."""
    head = [f"{n} images a class" for n in images]
    lines = [f"| {seeds} seeds | {' | '.join(head)} |", "|---|" + "---|" * len(images)]
    percent = {
        (n, way): 100 * np.array([results[key(seed, n, way)] for seed in range(seeds)])
        for n, way in product(images, WAYS)
    }
    for way in WAYS:
        cells = [mean_and_error(percent[n, way]) for n in images]
        if way != SCRATCH:
            gaps = [percent[n, way] - percent[n, SCRATCH] for n in images]
            cells = [f"{cell} ({mean_and_error(gap)})" for cell, gap in zip(cells, gaps, strict=True)]
        lines.append(f"| {way} | {' | '.join(cells)} |")
    return "\n".join(lines)

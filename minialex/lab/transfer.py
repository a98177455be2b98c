"""Transfer: what do layers that were trained on some classes bring for others, of which there are few images?

A net is trained on every second class of a data set (all its images). The other classes, a few images of each, are then
learned from scratch and from the trained layers, in the same number of steps, and evaluated on all their validation
images. Each seed is another net, another choice of images, another order.

The idea is that of J. Yosinski, J. Clune, Y. Bengio and H. Lipson, *How transferable are features in deep neural
networks?* (NIPS 2014), who exchange halves of ImageNet's classes; the net here is `small_alexnet`.
"""

import copy
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product

import numpy as np

from minialex.checks import expected
from minialex.data import Dataset, Split, load
from minialex.lab.few_images import few_of_each, of_classes
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import usual_rule
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown, mean_and_error
from minialex.layers import Dense
from minialex.models import small_alexnet
from minialex.sequential import Sequential
from minialex.training import Diverged, Fixed, evaluate, fit
from minialex.training.frozen import freeze

BATCH, LR = 32, 0.01
SCRATCH, SLOW_SCRATCH = "from scratch", "from scratch, a tenth of the rate"
LOW = (LR / 10, {"fc8": 10.0})
WAYS: dict[str, tuple] = {  # the layers that are frozen, the rate, the factors of it
    SCRATCH: ((), LR, {}),
    SLOW_SCRATCH: ((), LR / 10, {}),
    "nothing frozen": ((), LR, {}),
    "nothing frozen, a tenth of the rate": ((), *LOW),
    "conv1, conv2 frozen, a tenth of the rate": (("conv1", "conv2"), *LOW),
    "all but fc8 frozen": (("lower", "upper", "fc6", "fc7"), *LOW),
}


def transfer(settings: Settings, *, image_size: int = 16, images: Sequence[int] = (10, 50), steps: int = 200) -> str:
    """Train on half of the classes, transfer to the others, and return the table.

    Args:   settings, of the first training: limit, at most so many images, and its epochs; image_size, pixels; images,
            of each class in the second training; steps, of it.
    Errors: ValueError for fewer than four classes, or a training that diverges.
    """
    results = Results(settings.out, {**settings.as_dict(), "size": image_size, "images": list(images), "steps": steps})
    dataset = load(settings.data, image_size=image_size)
    classes = range(len(dataset.classes))
    if len(classes) < 4:
        raise expected("transfer", "four classes at least", len(classes), "take other data: each half needs two")
    first, second = of_classes(dataset, classes[0::2]), of_classes(dataset, classes[1::2])
    run = partial(one_seed, first, second, settings, images, steps)
    rows = [results.once(f"seed {seed}", partial(run, seed)) for seed in range(settings.seeds)]
    text = table(rows, images)
    keep_table(settings, text)
    return text


def one_seed(
    first: Dataset, second: Dataset, settings: Settings, images: Sequence[int], steps: int, seed: int
) -> dict[str, float]:
    """Return the error of each way for each number of images, from one first training."""
    few = {n: few_of_each(second.train, n, np.random.default_rng([seed, n])) for n in images}
    try:
        trained = first_training(first, seed, settings.epochs, settings.limit)
        return {key(n, way): error for n in images for way, error in errors(trained, few[n], second, steps, seed)}
    except Diverged as error:
        got = f"one that diverged, at a rate of {LR} or less ({error})"
        raise expected(f"transfer, seed {seed}", "trainings that converge", got, "change --limit or --images") from None


def key(images: int, way: str) -> str:
    return f"{way}, {images} images a class"


def first_training(dataset: Dataset, seed: int, epochs: int, limit: int | None) -> Sequential:
    """Return the net trained on the first classes."""
    rng = np.random.default_rng(seed)
    train = dataset.train.limit(limit or len(dataset.train))
    net = small_alexnet(classes=len(dataset.classes), rng=rng, image_size=dataset.image_size)
    schedule = Fixed((max(1, epochs - epochs // 4),))
    fit(net, train, sgd=usual_rule(net, LR), epochs=epochs, rng=rng, schedule=schedule, progress=False)
    return net


def errors(trained: Sequential, few: Split, dataset: Dataset, steps: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield each way to learn the second classes, and the validation error after it."""
    epochs = max(1, round(steps / -(-len(few) // BATCH)))
    for way, (frozen, lr, factors) in WAYS.items():
        rng, classes = np.random.default_rng([seed, 1]), len(dataset.classes)
        net = small_alexnet(classes=classes, rng=rng, image_size=dataset.image_size)
        if way not in (SCRATCH, SLOW_SCRATCH):
            net = copy.deepcopy(trained).replace("fc8", Dense(512, classes, std=0.05, rng=rng))
        mean = net.input_mean  # None: that of the few images
        freeze(net, frozen)
        sgd, schedule = usual_rule(net, lr, lr_factors=factors), Fixed((max(1, epochs - epochs // 4),))
        fit(net, few, sgd=sgd, epochs=epochs, rng=rng, schedule=schedule, batch=BATCH, mean=mean, progress=False)
        yield way, evaluate(net, dataset.val)["top1_error"]


def table(rows: Sequence[dict[str, float]], images: Sequence[int]) -> str:
    """Return mean errors in percent, and their paired differences to the better of the two ways from scratch."""
    percent = {(n, way): 100 * np.array([row[key(n, way)] for row in rows]) for n, way in product(images, WAYS)}
    scratch = {n: (percent[n, SCRATCH], percent[n, SLOW_SCRATCH]) for n in images}
    base = {n: min(both, key=np.mean) for n, both in scratch.items()}
    lines = []
    for way in WAYS:
        cells = [mean_and_error(percent[n, way]) for n in images]
        if way not in (SCRATCH, SLOW_SCRATCH):
            gaps = [percent[n, way] - base[n] for n in images]
            cells = [f"{cell} ({mean_and_error(gap, signed=True)})" for cell, gap in zip(cells, gaps, strict=True)]
        lines.append([way, *cells])
    return markdown([f"{len(rows)} seeds", *(f"{n} images a class" for n in images)], lines)

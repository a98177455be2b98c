"""Figure 4: most probable labels of test images, and the training images nearest to them in the features of a net.

The features are what the last layer reads. `neighbour_counts.py` counts how many of the six nearest are of the same
class, while the net learns, and how far apart they are in pixels.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.data import Dataset, Split
from minialex.data.split import evenly_over_classes
from minialex.lab.checksum import checksum
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry, drawn
from minialex.lab.frame.net import class_net
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import diverged
from minialex.lab.neighbour_counts import PIXELS, QUERIES, K, Neighbours, counts_table
from minialex.lab.neighbour_pictures import draw
from minialex.lab.trained_nets import of_seeds, rate_of, untrained
from minialex.sequential import Sequential
from minialex.training import evaluate, features, probabilities
from minialex.training.opened import Run, load_run
from minialex.training.run_data import load_data

ENTRY = Entry(net=class_net)
SEARCH_EPOCHS = 5
STAGES = (1, 2, 5)  # epochs after which neighbours are counted, besides the last
SHOWN = 8  # in the pictures


def neighbours(settings: Settings, *, run: Path | None = None, layer: str | None = None) -> str:
    """Count and draw neighbours in the features of the class's net while it learns, or of a run with its images."""
    if run is not None:
        return neighbours_of_run(settings, run, layer)
    results, dataset = Results(settings.out, {**settings.as_dict(), "layer": layer}), settings.dataset()
    check_enough(dataset, settings)
    before = untrained(ENTRY, dataset, dataset.train.limit(K), 0)
    features(before, dataset.val.limit(1), layer=layer)  # a layer that the net lacks is an error before the search
    lr = rate_of(results, ENTRY, dataset, settings, epochs=SEARCH_EPOCHS)
    seeds = of_seeds(settings, lr, results.once, partial(of_training, dataset, settings, layer, lr))
    return reported(settings, dataset, seeds, f", rate {lr:g}{diverged(settings.seeds - len(seeds), settings.seeds)}")


def neighbours_of_run(settings: Settings, run: Path, layer: str | None) -> str:
    """Count and draw neighbours in the features of a run with its images."""
    opened = load_run(run)
    dataset = load_data(opened.config, opened.folder)
    check_enough(dataset, settings)
    settings = settings._replace(data=opened.config.data, epochs=0, seeds=1)
    key = {"run": opened.folder.name, "checksum": checksum(opened.folder / "best.npz"), "layer": layer}
    results = Results(settings.out, settings.as_dict() | key)
    return reported(settings, dataset, [results.once("run", partial(of_run, opened, dataset, settings, layer))])


def check_enough(dataset: Dataset, settings: Settings) -> None:
    """Check that there are as many training images as neighbours are counted."""
    n = min(len(dataset.train), settings.limit or len(dataset.train))
    if n < K:
        raise expected("neighbours", f"at least {K} training images", n, f"give --limit {K} or more")


def reported(settings: Settings, dataset: Dataset, seeds: Sequence[dict], besides: str = "") -> str:
    """Keep table and pictures; return the table."""
    text = counts_table([seed["rows"] for seed in seeds], besides)
    keep_table(settings, text)
    draw(settings, dataset, seeds[0])
    return text


def of_training(dataset: Dataset, settings: Settings, layer: str | None, lr: float, seed: int) -> dict:
    """Train a net; return the counts before, during and after, and what the pictures show."""
    train = drawn(dataset.train, settings.limit, seed)
    found = Neighbours(train, dataset.val.limit(QUERIES))
    read(found, dataset, layer, "untrained net", untrained(ENTRY, dataset, train, seed))

    def after(net: Sequential, train: Split, history: list[dict]) -> None:
        if len(history) in (*STAGES, settings.epochs):
            read(found, dataset, layer, f"after epoch {len(history)}", net)

    net, *_ = ENTRY.train(dataset, lr=lr, epochs=settings.epochs, seed=seed, limit=settings.limit, watch=after)
    return {"seed": seed, "rows": found.rows, **shown(found, net)}


def of_run(opened: Run, dataset: Dataset, settings: Settings, layer: str | None) -> dict:
    """Return the counts in an untrained net and in a trained one, and what the pictures show."""
    crop = opened.config.image_size
    found = Neighbours(drawn(dataset.train, settings.limit, 0), dataset.val.limit(QUERIES))
    before = opened.config.build(np.random.default_rng(0))
    before.input_mean, before.input_std = opened.net.input_mean, opened.net.input_std
    for name, net in (("untrained net", before), ("trained net", opened.net)):
        read(found, dataset, layer, name, net, crop)
    return {"seed": 0, "rows": found.rows, **shown(found, opened.net, crop)}


def read(
    found: Neighbours, dataset: Dataset, layer: str | None, name: str, net: Sequential, crop: int | None = None
) -> None:
    """Find and count the neighbours in a net's features."""
    found.add(name, *(features(net, split, layer=layer, crop=crop) for split in (found.queries, found.train)))
    found.rows[name]["error"] = evaluate(net, dataset.val, crop=crop)["top1_error"]


def shown(found: Neighbours, net: Sequential, crop: int | None = None) -> dict:
    """Return what the pictures show: some queries, their neighbours in two spaces, and their probabilities."""
    some = evenly_over_classes(found.queries.labels, SHOWN)
    *_, last = found.indices
    p = np.concatenate([p for p, _ in probabilities(net, found.queries.take(some), crop=crop)])
    spaces = {name: found.indices[name][some].tolist() for name in (last, PIXELS)}
    return {"queries": some.tolist(), "spaces": spaces, "p": p.round(4).tolist()}

"""Figure 4: most probable labels of test images, and the training images nearest to them in the features of a net.

The features are what the last layer reads. `neighbour_counts.py` counts how many of the six nearest are of the same
class, while the net learns, and how far apart they are in pixels.
"""

from functools import partial
from pathlib import Path

import numpy as np

from minialex.data import Dataset
from minialex.data.split import evenly_over_classes
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry, drawn
from minialex.lab.frame.net import class_net
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.neighbour_counts import PIXELS, Neighbours, counts_table
from minialex.sequential import Sequential
from minialex.training import evaluate, features, probabilities
from minialex.training.opened import Run, load_run
from minialex.training.run_data import load_data

ENTRY = Entry(net=class_net)
LR = 0.005  # no search: the errors are not what is compared
STAGES = (1, 2, 5)  # epochs after which neighbours are counted, besides the last
QUERIES = 500
SHOWN = 8  # in the pictures


def neighbours(settings: Settings, *, run: Path | None = None, layer: str | None = None) -> str:
    """Count and draw neighbours in the features of the class's net while it learns, or of a run with its images."""
    if run is None:
        dataset, one = settings.dataset(), of_training
    else:
        opened = load_run(run)
        dataset, one = load_data(opened.config, opened.folder), partial(of_run, opened)
        settings = settings._replace(out=settings.out / opened.folder.name, data=opened.config.data, seeds=1)
    results = Results(settings.out, {**settings.as_dict(), "run": run and str(run), "layer": layer})
    seeds = [
        results.once(f"seed {seed}", partial(one, dataset, settings, layer, seed)) for seed in range(settings.seeds)
    ]
    text = counts_table([seed["rows"] for seed in seeds])
    keep_table(settings, text)
    draw(settings, dataset, seeds[0])
    return text


def of_training(dataset: Dataset, settings: Settings, layer: str | None, seed: int) -> dict:
    """Train a net; return the counts before, during and after, and what the pictures show."""
    train = drawn(dataset.train, settings.limit, seed)
    found = Neighbours(train, dataset.val.limit(QUERIES))
    untrained = class_net(
        rng=np.random.default_rng(seed), classes=len(dataset.classes), image_size=dataset.image_size,
        channels=dataset.channels,
    )  # fmt: skip
    untrained.input_mean, untrained.input_std = ENTRY.inputs(train)
    read(found, dataset, layer, "untrained net", untrained)
    nets: list[Sequential] = []

    def build(**arguments) -> Sequential:
        nets.append(class_net(**arguments))
        return nets[0]

    def after(history: list[dict]) -> None:
        if len(history) in (*STAGES, settings.epochs):
            read(found, dataset, layer, f"after epoch {len(history)}", nets[0])

    Entry(net=build).train(dataset, lr=LR, epochs=settings.epochs, seed=seed, limit=settings.limit, after_epoch=after)
    return {"rows": found.rows, **shown(found, nets[0])}


def of_run(opened: Run, dataset: Dataset, settings: Settings, layer: str | None, seed: int) -> dict:
    """Return the counts in an untrained net and in a trained one, and what the pictures show."""
    found, crop = (
        Neighbours(drawn(dataset.train, settings.limit, seed), dataset.val.limit(QUERIES)),
        opened.config.image_size,
    )
    untrained = opened.config.build(np.random.default_rng(seed))
    untrained.input_mean, untrained.input_std = opened.net.input_mean, opened.net.input_std
    for name, net in (("untrained net", untrained), ("trained net", opened.net)):
        read(found, dataset, layer, name, net, crop)
    return {"rows": found.rows, **shown(found, opened.net, crop)}


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


def draw(settings: Settings, dataset: Dataset, kept: dict) -> None:
    """Draw both halves of Figure 4."""
    from minialex import plots  # late: matplotlib takes half a second

    queries = dataset.val.limit(QUERIES).take(np.array(kept["queries"]))
    train, images = drawn(dataset.train, settings.limit, 0), queries.images[:]
    columns = {}
    for space, rows in kept["spaces"].items():
        of = [train.take(np.array(row)) for row in rows]
        same = np.stack([split.labels == label for split, label in zip(of, queries.labels, strict=True)])
        name = f"nearest in {'pixels' if space == PIXELS else 'the features'}"
        columns[name] = np.stack([split.images[:] for split in of]), same
    plots.save(plots.neighbours(images, columns), settings.out / "neighbours.png")
    five = plots.predictions(images, np.array(kept["p"]), dataset.classes, queries.labels.tolist())
    plots.save(five, settings.out / "predictions.png")

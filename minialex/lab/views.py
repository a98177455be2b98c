"""Section 4.1: one view of a test image against ten, on the same trained nets.

The nets read crops of 28 of the 32 pixels; in training the crops and their reflections are random.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from minialex.data import RandomCrop, RandomReflection, Split, batches, ten_views
from minialex.devices import host
from minialex.lab.averaging import averaged, outputs_of_seeds
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.errors_table import percent
from minialex.lab.frame.net import class_net
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import diverged, markdown, mean_and_error
from minialex.lab.trained_nets import rate_of
from minialex.layers.softmax import softmax
from minialex.sequential import Sequential
from minialex.training import evaluate

CROP = 28  # pixels
CENTRE = "the centre"
WAYS: dict[str, tuple[tuple[int, ...], str]] = {  # the views, in the order of `ten_views`; the paper's errors
    CENTRE: ((4,), "39.0 / 18.3"),
    "the centre and its reflection": ((4, 9), ""),
    "four corners": ((0, 1, 2, 3), ""),
    "four corners and the centre": ((0, 1, 2, 3, 4), ""),
    "ten views": (tuple(range(10)), "37.5 / 17.0"),
}


def cropped_net(*, image_size: int, **arguments) -> Sequential:
    """Build the class's net for crops."""
    return class_net(image_size=CROP, **arguments)


@dataclass(frozen=True, kw_only=True)
class Cropped(Entry):
    """A net that is trained on crops, reflected at random; the search for its rate reads the central ones."""

    def measured(self, net: Sequential, train: Split, val: Split, history: list[dict]) -> dict[str, Any]:
        return {"val_error": evaluate(net, val, crop=CROP)["top1_error"]}


ENTRY = Cropped(net=cropped_net, augment=lambda dataset: (RandomCrop(CROP), RandomReflection()))


def views(settings: Settings) -> str:
    """Compare views of the same nets, and return the table."""
    results, dataset = Results(settings.out, settings.as_dict()), settings.dataset()
    lr = rate_of(results, ENTRY, dataset, settings)
    p = outputs_of_seeds(results, ENTRY, dataset, settings, lr, of_views)
    text = views_table(p, dataset.val.labels, lr, diverged(settings.seeds - len(p), settings.seeds))
    keep_table(settings, text)
    draw(settings, p, dataset.val.labels)
    return text


def of_views(net: Sequential, split: Split) -> np.ndarray:
    """Return the probabilities for each of ten views, (10, N, C)."""
    return np.concatenate(
        [
            np.stack([softmax(np, host.put(net.forward(view))) for view in ten_views(images, CROP)])
            for images, _ in batches(split, 128, mean=net.input_mean, std=net.input_std)
        ],
        axis=1,
    )


def views_table(p: list[np.ndarray], labels: np.ndarray, lr: float, lost: str = "") -> str:
    """Return the errors of each way, and their paired differences to one view."""
    errors = {name: percent([averaged(one, views, labels) for one in p], "top1") for name, (views, _) in WAYS.items()}
    rows = []
    for name, (views, paper) in WAYS.items():
        gap = "" if name == CENTRE else mean_and_error(errors[name] - errors[CENTRE], signed=True)
        rows.append([name, str(len(views)), mean_and_error(errors[name]), gap, paper])
    head = ["averaged", "views", "validation error", f"against {CENTRE}", "paper, top-1 / top-5"]
    note = f"Errors in percent, mean ± standard error of {len(p)} seeds{lost}, rate {lr:g}"
    return f"{note}\n\n{markdown(head, rows)}"


def draw(settings: Settings, p: list[np.ndarray], labels: np.ndarray) -> None:
    """Draw the error of each net against the way its views are averaged."""
    from minialex.plots import save, series  # late: matplotlib takes half a second

    ways = [views for views, _ in WAYS.values()]
    lines = {
        f"net {i + 1}": ([len(views) for views in ways], percent([averaged(one, v, labels) for v in ways], "top1"))
        for i, one in enumerate(p)
    }
    save(series(lines, x="Views averaged", y="Validation error (%)"), settings.out / "views.png")

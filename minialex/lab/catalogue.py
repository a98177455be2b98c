"""The experiments of `minialex reproduce`: what each shows, and its usual size.

An experiment is a function of `Settings` in the file of its name: `two-groups` is `two_groups.py`'s `two_groups`.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple


class Listed(NamedTuple):
    """An experiment as it is listed; limit, epochs and seeds are those of its page in docs/experiments."""

    text: str
    limit: int | None = 1000  # training images; None: all
    epochs: int = 40
    seeds: int = 3
    data: str = "cifar10"


CATALOGUE = {
    "relu": Listed("section 3.1, Figure 1: how fast nets with ReLU, tanh and sigmoid learn", 4_000),
    "gradients": Listed("section 3.1: gradients, zeros and saturated units by depth", epochs=5),
    "two-groups": Listed("section 3.2: groups with communication, without, half a net", 10_000, 5),
    "norm": Listed("section 3.3: response normalization across maps, within maps, after the pooling, and none"),
    "pooling": Listed("section 3.4: overlapping pooling, other windows, maximum and average"),
    "augmentation": Listed("section 4.1: each kind of augmentation, and a picture of augmented versions"),
    "dropout": Listed("section 4.2: dropout, with twice the epochs, and as an ensemble of its masks"),
    "transfer": Listed("fine-tuning: few images, from scratch and from trained layers", None, 4, 5),
    "init": Listed("section 5: the signal after each untrained layer, by preset and input scale", 16, data="shapes"),
}


def experiment(name: str) -> Callable[..., Any]:
    """Return the function of an experiment."""
    file = name.replace("-", "_")
    return getattr(import_module(f"minialex.lab.{file}"), file)

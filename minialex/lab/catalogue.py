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
    "two-groups": Listed("section 3.2: groups with communication, without, half a net", 10_000, 5),
    "pooling": Listed("section 3.4: overlapping pooling, other windows, maximum and average"),
    "transfer": Listed("fine-tuning: few images, from scratch and from trained layers", None, 4, 5),
    "init": Listed("section 5: the signal after each untrained layer, by preset and input scale", 16, 1, 1, "shapes"),
    "layers": Listed("section 7: the net without each layer, and with more"),
    "variants": Listed("what tutorials say AlexNet has, against the plain net"),
    "race": Listed("cifar_fast with each ingredient switched off, two epochs", None, 2, 2),
}


def experiment(name: str) -> Callable[..., Any]:
    """Return the function of an experiment."""
    file = name.replace("-", "_")
    return getattr(import_module(f"minialex.lab.{file}"), file)

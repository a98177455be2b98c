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
    epochs: int = 40  # 0: those of the models' recipes
    seeds: int = 5
    data: str = "cifar10"


CATALOGUE = {  # in the order of the paper's sections; then what is not in the paper
    "relu": Listed("section 3.1, Figure 1: how fast nets with ReLU, tanh and sigmoid learn", 4_000, 40, 3),
    "gradients": Listed("section 3.1: gradients, zeros and saturated units by depth", epochs=5, seeds=3),
    "two-groups": Listed("section 3.2: groups with communication, without, half a net", 10_000, 5),
    "norm": Listed("section 3.3: response normalization across maps, within maps, after the pooling, and none"),
    "pooling": Listed("section 3.4: overlapping pooling, other windows, maximum and average"),
    "augmentation": Listed("section 4.1: each kind of augmentation, and a picture of augmented versions"),
    "views": Listed("section 4.1: one view of a test image against ten", 5000, 20, 5),
    "dropout": Listed("section 4.2: dropout, with twice the epochs, and as an ensemble of its masks"),
    "init": Listed("section 5: the signal after each untrained layer, by preset and input scale", 16, 1, 1, "shapes"),
    "ensemble": Listed("Table 2: the softmax outputs of several nets averaged", 2000, 30, 10),
    "filters": Listed("Figure 3: do the kernels of two groups part into grey and coloured ones?", 10_000, 20),
    "neighbours": Listed("Figure 4: most probable labels; nearest images in the features", 20_000, 10),
    "layers": Listed("section 7: the net without each layer, and with more"),
    "recipes": Listed("the authors' four nets for CIFAR-10, by their recipes", None, 0, 1),
    "transfer": Listed("fine-tuning: few images, from scratch and from trained layers", None, 8),
    "variants": Listed("what tutorials say AlexNet has, against the plain net"),
    "race": Listed("cifar_fast with each ingredient switched off, two epochs", None, 2, 3),
    "airbench": Listed("cifar_airbench with each ingredient switched off, four epochs", None, 4, 3),
    "scale": Listed("AlexNet on many machines: efficiency and days, calculated", 1_281_167, 90, 1, "shapes"),
}
CIFAR_NETS = ("cifar_80sec", "cifar_18pct", "cifar_13pct", "cifar_11pct")  # the authors', of `recipes`


def experiment(name: str) -> Callable[..., Any]:
    """Return the function of an experiment."""
    file = name.replace("-", "_")
    return getattr(import_module(f"minialex.lab.{file}"), file)

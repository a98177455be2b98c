"""The table of `minialex gradcheck`: this library's layers, each with its settings and the shape of an input."""

from collections.abc import Callable
from typing import Any

import numpy as np

from minialex import layers
from minialex.layer import Layer

TOLERANCE = 1e-6
DRAWS = {"Conv2D", "Dense", "Dropout", "Local2D"}  # the layers that take an rng


class Loss(Layer):
    """A loss with its labels as a layer of one value in, one value out, so that it is checked like the others."""

    def __init__(self, labels: np.ndarray, head: layers.SoftmaxCrossEntropy | None = None):
        super().__init__()
        self.head, self.labels = head or layers.SoftmaxCrossEntropy(), labels
        self.layers = {"head": self.head}  # which moves to another device together with this layer

    def forward(self, x):
        return np.array([self.head.forward(x, self.labels)])

    def backward(self, dy):
        return self.head.backward() * dy


class Maker:
    """A layer's class and arguments, called with an rng to make the layer, in any kit.

        Maker("Conv2D", 3, 4, 3, pad=1)(rng)  is  layers.Conv2D(3, 4, 3, pad=1, rng=rng)

    Args:   training=False, in evaluation mode.
    """

    def __init__(self, kind: str, *args, training: bool = True, **settings):
        self.kind, self.args, self.settings, self.training = kind, args, settings, training
        self.draws = kind in DRAWS

    def __call__(self, rng: np.random.Generator, kit: Any = layers) -> Layer:
        layer: Layer = getattr(kit, self.kind)(*self.args, **self.settings, **({"rng": rng} if self.draws else {}))
        return layer.train() if self.training else layer.eval()


# fmt: off
CASES: list[tuple[str, str, tuple, Callable]] = [  # layer, setting (the usual one first), shape of x, rng -> layer
    ("Conv2D",  "3x3, pad 1",           (2, 3, 5, 6), Maker("Conv2D", 3, 4, 3, pad=1)),
    ("Conv2D",  "stride 2, no pad",     (2, 3, 7, 5), Maker("Conv2D", 3, 4, 3, stride=2)),
    ("Conv2D",  "stride 4, pad 0, 3",   (1, 2, 8, 8), Maker("Conv2D", 2, 3, 5, stride=4, pad=(0, 3))),
    ("Conv2D",  "2 groups",             (2, 4, 5, 4), Maker("Conv2D", 4, 6, 3, groups=2)),
    ("LRN",     "alpha 0.5",            (2, 8, 2, 3), Maker("LRN", 5, alpha=0.5)),
    ("LRN",     "alpha / n, 2 groups",  (2, 6, 3, 2), Maker("LRN", 3, alpha=0.5, average=True, groups=2)),
    ("LRN",     "within maps",          (2, 2, 5, 4), Maker("LRN", 3, alpha=0.5, across="space")),
    ("MaxPool", "3x3, stride 2",        (2, 3, 7, 5), Maker("MaxPool")),
    ("MaxPool", "ceil",                 (2, 2, 8, 6), Maker("MaxPool", ceil=True)),
    ("AvgPool", "3x3, stride 2",        (2, 3, 7, 5), Maker("AvgPool", 3, 2)),
    ("AvgPool", "ceil",                 (2, 2, 8, 6), Maker("AvgPool", 3, 2, ceil=True)),
    ("Dense",   "7 to 4",               (3, 7),       Maker("Dense", 7, 4)),
    ("Flatten", "maps",                 (2, 3, 4, 5), Maker("Flatten")),
    ("Dropout", "the paper's",          (3, 8),       Maker("Dropout")),
    ("Dropout", "inverted",             (3, 8),       Maker("Dropout", 0.3, inverted=True)),
    ("Dropout", "evaluation",           (3, 8),       Maker("Dropout", 0.3, training=False)),
    ("ReLU",    "vectors",              (3, 8),       Maker("ReLU")),
    ("Tanh",    "vectors",              (3, 8),       Maker("Tanh")),
    ("Sigmoid", "vectors",              (3, 8),       Maker("Sigmoid")),
    ("Softmax", "vectors",              (3, 8),       Maker("Softmax")),
    ("SoftmaxCrossEntropy", "3 labels", (3, 8),       lambda rng: Loss(np.array([7, 0, 2]))),
]
# fmt: on


def separated(shape: tuple, rng: np.random.Generator) -> np.ndarray:
    """Return distinct values well apart from each other and from 0, in random order: no kink is within reach of eps."""
    n = int(np.prod(shape))
    return rng.permutation((np.arange(n) - n / 2 + 0.25) * 4 / n).reshape(shape)

"""What `minialex gradcheck` checks: a table of this library's layers, or a student's own file.

A student's file defines its Layer and how to try it:

    def example(rng):
        return MyLayer(rng=rng), rng.standard_normal((2, 3, 5, 5))

or returns a dict of several such pairs, {"even size": (layer, x), "odd size": (layer, x)}.
"""

import inspect
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex import layers
from minialex.gradcheck import Comparison, compare_gradients
from minialex.layer import Layer

TOLERANCE = 1e-6


class Verdict(NamedTuple):
    """One gradient of one case: how it compares, or why it could not be compared."""

    case: str
    variable: str
    found: Comparison | str

    @property
    def right(self) -> bool:
        return not isinstance(self.found, str) and self.found.error <= TOLERANCE

    def __str__(self) -> str:
        if isinstance(self.found, str):
            return f"WRONG  {self.case}: {self.found}"
        line = f"{self.case:<38}  {self.variable:<6}  {self.found.error:8.1e}"
        if self.right:
            return f"right  {line}"
        index = ", ".join(map(str, self.found.worst))
        return (
            f"WRONG  {line}  worst at [{index}]: backward {self.found.ours:.6g}, differences {self.found.numeric:.6g}"
        )


class Loss(Layer):
    """A loss as a layer of one value in, one value out, so that it is checked like the others."""

    def __init__(self, labels: np.ndarray):
        super().__init__()
        self.head, self.labels = layers.SoftmaxCrossEntropy(), labels

    def forward(self, x):
        return np.array([self.head.forward(x, self.labels)])

    def backward(self, dy):
        return self.head.backward() * dy


# fmt: off
CASES: list[tuple[str, str, tuple, Callable]] = [  # layer, setting (the usual one first), shape of x, rng -> layer
    ("Conv2D",  "3x3, pad 1",           (2, 3, 5, 6), lambda rng: layers.Conv2D(3, 4, 3, pad=1, std=0.5, rng=rng)),
    ("Conv2D",  "stride 2, no pad",     (2, 3, 7, 6), lambda rng: layers.Conv2D(3, 4, 3, stride=2, std=0.5, rng=rng)),
    ("Conv2D",  "stride 4, pad 0, 3", (1, 2, 8, 8), lambda rng: layers.Conv2D(2, 3, 5, stride=4, pad=(0, 3), rng=rng)),
    ("Conv2D",  "2 groups",             (2, 4, 5, 5), lambda rng: layers.Conv2D(4, 6, 3, groups=2, std=0.5, rng=rng)),
    ("LRN",     "alpha 0.5",            (2, 7, 3, 2), lambda rng: layers.LRN(5, alpha=0.5)),
    ("LRN",     "alpha / n, 2 groups",  (2, 6, 3, 2), lambda rng: layers.LRN(3, alpha=0.5, average=True, groups=2)),
    ("LRN",     "within maps",          (2, 2, 4, 5), lambda rng: layers.LRN(3, alpha=0.5, across="space")),
    ("MaxPool", "3x3, stride 2",        (2, 2, 7, 5), lambda rng: layers.MaxPool()),
    ("MaxPool", "ceil",                 (2, 2, 6, 4), lambda rng: layers.MaxPool(ceil=True)),
    ("AvgPool", "3x3, stride 2",        (2, 2, 7, 5), lambda rng: layers.AvgPool(3, 2)),
    ("AvgPool", "ceil",                 (2, 2, 6, 4), lambda rng: layers.AvgPool(3, 2, ceil=True)),
    ("Dense",   "7 to 4",               (3, 7),       lambda rng: layers.Dense(7, 4, std=0.5, rng=rng)),
    ("Flatten", "maps",                 (2, 2, 3, 4), lambda rng: layers.Flatten()),
    ("Dropout", "the paper's",          (3, 8),       lambda rng: layers.Dropout(rng=rng)),
    ("Dropout", "inverted",             (3, 8),       lambda rng: layers.Dropout(0.2, inverted=True, rng=rng)),
    ("Dropout", "evaluation",           (3, 8),       lambda rng: layers.Dropout(0.2, rng=rng).eval()),
    ("ReLU",    "vectors",              (3, 8),       lambda rng: layers.ReLU()),
    ("Tanh",    "vectors",              (3, 8),       lambda rng: layers.Tanh()),
    ("Sigmoid", "vectors",              (3, 8),       lambda rng: layers.Sigmoid()),
    ("Softmax", "vectors",              (3, 8),       lambda rng: layers.Softmax()),
    ("SoftmaxCrossEntropy", "3 labels", (3, 8),       lambda rng: Loss(np.array([7, 0, 2]))),
]
# fmt: on


def separated(shape: tuple, rng: np.random.Generator) -> np.ndarray:
    """Distinct values well apart from each other and from 0, in random order: no kink is within reach of eps."""
    n = int(np.prod(shape))
    return rng.permutation((np.arange(n) - n / 2 + 0.25) * 4 / n).reshape(shape)


def check_layers(layer: str | None = None, *, every_setting: bool, seed: int = 0) -> Iterator[Verdict]:
    """Checks one layer of this library (None: all of them), in its usual setting or in every one."""
    seen = set()
    for name, setting, shape, make in CASES:
        if layer in (None, name) and (every_setting or name not in seen):
            seen.add(name)
            rng = np.random.default_rng(seed)
            yield from check(f"{name}, {setting}", make(rng), separated(shape, rng), rng)


def check_file(path: Path, *, seed: int = 0) -> Iterator[Verdict]:
    """Checks the layers that a student's file builds in `example(rng)`."""
    module = load(path)
    if not hasattr(module, "example"):
        own = [name for name, kind in vars(module).items() if inspect.isclass(kind) and issubclass(kind, Layer)]
        found = f"the layers {', '.join(n for n in own if n != 'Layer')}" if own else "no Layer"
        raise ValueError(
            f"{path}: expected a function example(rng) that returns (layer, x), got {found} but no example; add "
            "def example(rng): return MyLayer(), rng.standard_normal((2, 3, 5, 5))"
        )
    rng = np.random.default_rng(seed)
    try:
        cases = module.example(rng)
    except (Exception, SystemExit) as error:  # a student's file may raise anything
        raise ValueError(f"{path}: example stops with {type(error).__name__}: {error}; mend that first") from error
    cases = cases if isinstance(cases, dict) else {"example": cases}
    if not cases or not all(isinstance(case, tuple | list) and len(case) == 2 for case in cases.values()):
        raise ValueError(f"{path}: expected example(rng) to return (layer, x), or a dict of such pairs; return these")
    for name, (layer, x) in cases.items():
        yield from check(f"{type(layer).__name__}, {name}", layer, x, rng)


def check(case: str, layer: Layer, x, rng) -> Iterator[Verdict]:
    """The verdict on each gradient; a layer that raises gets a verdict too, so that the others are still checked."""
    try:
        for variable, found in compare_gradients(layer, x, rng=rng).items():
            yield Verdict(case, variable, found)
    except (Exception, SystemExit) as error:  # a student's layer may raise anything
        yield Verdict(case, "", f"{type(error).__name__}: {error}")


def load(path: Path):
    """The module in a student's file."""
    spec = spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path}: expected a Python file with a Layer, got no such file; check the name")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ValueError(f"{path}: it stops with {type(error).__name__}: {error}; mend that first") from error
    return module

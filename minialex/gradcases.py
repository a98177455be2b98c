"""The cases of `minialex gradcheck`: a table of this library's layers, or a student's own file.

A student's file defines its Layer and an example of it:

    def example(rng):
        return MyLayer(rng=rng), rng.standard_normal((2, 3, 5, 5))

or returns a dict of several such pairs, {"even size": (layer, x), "odd size": (layer, x)}.
"""

import inspect
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from minialex import layers
from minialex.checks import expected
from minialex.gradcheck import Comparison, compare_gradients
from minialex.layer import Layer

TOLERANCE = 1e-6
DRAWS = {"Conv2D", "Dense", "Dropout"}  # the layers that take an rng


class Verdict(NamedTuple):
    """The result for one gradient of one case: a comparison, or the reason why there is none."""

    case: str
    variable: str
    result: Comparison | str

    @property
    def right(self) -> bool:
        return not isinstance(self.result, str) and self.result.error <= TOLERANCE

    def __str__(self) -> str:
        if isinstance(self.result, str):
            return f"WRONG  {self.case}: {self.result}"
        line = f"{self.case:<38}  {self.variable:<6}  {self.result.error:8.1e}"
        if self.right:
            return f"right  {line}"
        index = ", ".join(map(str, self.result.worst))
        values = f"backward {self.result.ours:.6g}, differences {self.result.numeric:.6g}"
        return f"WRONG  {line}  worst at [{index}]: {values}"


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

    def __call__(self, rng: np.random.Generator, kit: Any = layers) -> Layer:
        draws = {"rng": rng} if self.kind in DRAWS else {}
        layer: Layer = getattr(kit, self.kind)(*self.args, **self.settings, **draws)
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


def check_layers(layer: str | None = None, *, every_setting: bool, seed: int = 0) -> Iterator[Verdict]:
    """Check one layer of this library (None: all of them), in its usual setting or in every one."""
    seen = set()
    for name, setting, shape, make in CASES:
        if layer in (None, name) and (every_setting or name not in seen):
            seen.add(name)
            rng = np.random.default_rng(seed)
            yield from verdicts(f"{name}, {setting}", make(rng), separated(shape, rng), rng)


def check_file(path: Path, *, seed: int = 0) -> Iterator[Verdict]:
    """Check the layers that a student's file builds in `example(rng)`."""
    rng = np.random.default_rng(seed)
    for name, (layer, x) in examples(path, import_file(path), rng).items():
        yield from verdicts(f"{type(layer).__name__}, {name}", layer, x, rng)


def verdicts(case: str, layer: Layer, x, rng: np.random.Generator) -> Iterator[Verdict]:
    """Yield the verdict on each gradient; a layer that raises gets a verdict too, so that the others are checked."""
    try:
        for variable, comparison in compare_gradients(layer, x, rng=rng).items():
            yield Verdict(case, variable, comparison)
    except (Exception, SystemExit) as error:  # a student's layer may raise anything
        yield Verdict(case, "", f"{type(error).__name__}: {error}")


def examples(path: Path, module: ModuleType, rng: np.random.Generator) -> dict[str, tuple]:
    """Return the pairs (layer, x) that the module's `example(rng)` builds, by name."""
    if not hasattr(module, "example"):
        kinds = (name for name, kind in vars(module).items() if inspect.isclass(kind) and issubclass(kind, Layer))
        names = ", ".join(name for name in kinds if name != "Layer")
        got = f"the layers {names} but no example" if names else "no Layer and no example"
        example = "def example(rng): return MyLayer(), rng.standard_normal((2, 3, 5, 5))"
        raise expected(path, "a function example(rng) that returns (layer, x)", got, f"add {example}")
    try:
        cases = module.example(rng)
    except (Exception, SystemExit) as error:  # a student's file may raise anything
        got = f"{type(error).__name__}: {error}"
        raise expected(path, "example(rng) to return (layer, x)", got, "correct that first") from error
    cases = cases if isinstance(cases, dict) else {"example": cases}
    if not cases or not all(isinstance(case, tuple | list) and len(case) == 2 for case in cases.values()):
        got = ", ".join(type(case).__name__ for case in cases.values()) or "an empty dict"
        raise expected(path, "example(rng) to return (layer, x), or a dict of such pairs", got, "return these")
    return cases


def import_file(path: Path) -> ModuleType:
    """Import a student's file and return its module."""
    spec = spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise expected(path, "a Python file with a Layer", "no such file", "check the name", FileNotFoundError)
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        got = f"{type(error).__name__}: {error}"
        raise expected(path, "a Python file that can be imported", got, "correct that first") from error
    return module

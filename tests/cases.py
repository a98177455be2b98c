"""One table of layers and settings, for the gradient checks, the loops and PyTorch: `gradcases.py` and edge cases.

A new layer is a row of `minialex/gradcases.py`, an edge case a row of CASES here; a new kit is an entry of KITS.
"""

from collections.abc import Callable
from typing import NamedTuple

import naive
import numpy as np
import pytest

from minialex import fast, gradcases, layers
from minialex.gradcases import Maker, separated
from minialex.kits import complete

KITS = {"textbook": complete(layers), "fast": complete(fast)}  # with the variants; a kit is added here and nowhere else


def normal(shape, rng):
    return rng.standard_normal(shape)


def hundreds(shape, rng):
    """Draw values as large as pixels: they make alpha = 1e-4 matter."""
    return 100 * rng.standard_normal(shape)


class Case(NamedTuple):
    """A layer's class and settings, and the input to test it with."""

    make: Maker
    shape: tuple
    values: Callable

    @property
    def kind(self):
        return self.make.kind

    def build(self, kit, rng):
        """Return the layer in float64, with all parameters drawn at random: a zero bias would hide mistakes."""
        layer = self.make(rng, kit).astype("float64")
        layer.load_state({name: rng.standard_normal(value.shape) for name, value in layer.state().items()})
        return layer

    def x(self, rng):
        return self.values(self.shape, rng)

    def by_loops(self, layer, x):
        """Return what `layer.forward(x)` should be."""
        return LOOPS[self.kind](x, layer.state(), *self.make.args, **self.make.settings)


def case(shape, kind, *args, values=normal, training=True, **settings):
    return Case(Maker(kind, *args, training=training, **settings), shape, values)


COMMON = {
    f"{name}, {setting}": Case(make, shape, separated)
    for name, setting, shape, make in gradcases.CASES
    if isinstance(make, Maker)  # the loss takes labels too: it has tests of its own
}


# fmt: off
CASES = COMMON | {
    #                                shape of x      layer, settings
    "conv 1x1":               case((2, 3, 2, 3),   "Conv2D", 3, 4, 1),
    "conv 3x3":               case((2, 3, 5, 6),   "Conv2D", 3, 4, 3),
    "conv 3x3 batch 1":       case((1, 1, 4, 3),   "Conv2D", 1, 1, 3),
    "conv as large as image": case((2, 2, 4, 4),   "Conv2D", 2, 3, 4),
    "conv even kernel":       case((2, 2, 4, 5),   "Conv2D", 2, 3, 2, pad=1),
    "conv 5x5 pad 2":         case((1, 2, 4, 5),   "Conv2D", 2, 3, 5, pad=2),
    "conv pad over kernel":   case((1, 2, 2, 3),   "Conv2D", 2, 2, 2, pad=3),
    "conv pad 1, 2":          case((2, 2, 5, 4),   "Conv2D", 2, 3, 3, pad=(1, 2)),
    "conv pad 2, 0":          case((2, 2, 4, 5),   "Conv2D", 2, 3, 3, pad=(2, 0), stride=2),
    "conv stride 2 rest":     case((2, 3, 8, 6),   "Conv2D", 3, 4, 3, stride=2),
    "conv stride 3 over 2":   case((2, 2, 9, 7),   "Conv2D", 2, 3, 2, stride=3),
    "conv stride 3 rest pad": case((1, 2, 6, 9),   "Conv2D", 2, 3, 3, stride=3, pad=1),
    "conv1 in small":         case((1, 3, 12, 16), "Conv2D", 3, 2, 11, stride=4, pad=(0, 3)),
    "conv 3 groups all":      case((1, 6, 5, 6),   "Conv2D", 6, 3, 3, groups=3, stride=2, pad=(1, 0)),
    "conv group per channel": case((2, 3, 4, 4),   "Conv2D", 3, 6, 3, groups=3, pad=1),

    "dense to 1":             case((1, 4),         "Dense", 4, 1),
    "flatten batch 1":        case((1, 2, 1, 3),   "Flatten"),

    "relu":                   case((2, 3, 4, 5),   "ReLU", values=separated),
    "tanh":                   case((2, 3, 2, 3),   "Tanh"),
    "sigmoid":                case((2, 3, 2, 3),   "Sigmoid"),
    "softmax of maps":        case((2, 4, 2, 3),   "Softmax"),

    "lrn default":            case((2, 8, 2, 3),   "LRN", values=hundreds),
    "lrn 3, k 1, beta 2":     case((2, 5, 3, 2),   "LRN", 3, 1.0, 0.5, 2.0),
    "lrn 1":                  case((2, 3, 2, 2),   "LRN", 1, alpha=0.5),
    "lrn 7 over 3 channels":  case((1, 3, 2, 2),   "LRN", 7, alpha=0.5),
    "lrn average":            case((2, 6, 2, 2),   "LRN", 5, alpha=2.0, average=True),
    "lrn 2 groups":           case((2, 8, 2, 2),   "LRN", 5, alpha=0.5, groups=2),
    "lrn 3 groups average":   case((1, 9, 1, 2),   "LRN", 5, alpha=2.0, groups=3, average=True),
    "lrn space 5 average":    case((1, 2, 6, 5),   "LRN", 5, alpha=5.0, across="space", average=True),
    "lrn space over map":     case((1, 2, 2, 3),   "LRN", 7, alpha=0.1, across="space"),
    "lrn space 2 groups":     case((1, 4, 3, 3),   "LRN", 3, alpha=0.5, across="space", groups=2),

    "max default rest":       case((2, 2, 8, 6),   "MaxPool", values=separated),
    "max ceil fits":          case((1, 2, 7, 5),   "MaxPool", ceil=True, values=separated),
    "max ceil by rows only":  case((1, 2, 6, 7),   "MaxPool", 3, 2, ceil=True, values=separated),
    "max 2x2 apart":          case((2, 2, 4, 6),   "MaxPool", 2, 2, values=separated),
    "max stride 1":           case((2, 2, 4, 5),   "MaxPool", 3, 1, values=separated),
    "max stride over":        case((1, 2, 7, 8),   "MaxPool", 2, 3, values=separated),
    "max ceil stride over":   case((1, 2, 7, 6),   "MaxPool", 2, 3, ceil=True, values=separated),
    "max ceil begins beyond": case((1, 2, 6, 4),   "MaxPool", 1, 3, ceil=True, values=separated),
    "max 1x1":                case((1, 2, 2, 3),   "MaxPool", 1, 1, values=separated),

    "avg 3x3 rest":           case((2, 2, 8, 6),   "AvgPool", 3, 2),
    "avg 2x2 apart":          case((2, 2, 4, 6),   "AvgPool", 2, 2),
    "avg stride 1":           case((2, 2, 4, 5),   "AvgPool", 3, 1),
    "avg ceil stride over":   case((1, 2, 7, 6),   "AvgPool", 2, 3, ceil=True),
    "avg ceil begins beyond": case((1, 2, 6, 4),   "AvgPool", 1, 3, ceil=True),

    "dropout of maps":        case((2, 3, 2, 3),   "Dropout", 0.3),
    "dropout inverted eval":  case((3, 8),         "Dropout", 0.3, inverted=True, training=False),
    "dropout 0":              case((3, 8),         "Dropout", 0.0),
    "dropout 0 eval":         case((3, 8),         "Dropout", 0.0, training=False),

    "batch norm of maps":     case((4, 3, 2, 5),   "BatchNorm", 3),
    "batch norm of vectors":  case((6, 3),         "BatchNorm", 3, eps=0.1),
    "batch norm of a batch 1": case((1, 2, 4, 3),  "BatchNorm", 2),
    "batch norm, fixed scale": case((4, 3, 2, 5),  "BatchNorm", 3, scale=False),
    "scale":                  case((2, 3, 4),      "Scale", 0.25),
    "local":                  case((2, 3, 4, 4),   "Local2D", 3, 2, 3, 4),
    "local, padded":          case((2, 2, 3, 3),   "Local2D", 2, 3, 3, 3, pad=1),
    "local, 1x1, batch 1":    case((1, 2, 3, 3),   "Local2D", 2, 2, 1, 3),
    "local as large as map":  case((2, 2, 3, 3),   "Local2D", 2, 2, 3, 3),
    "local pad over kernel":  case((2, 1, 2, 2),   "Local2D", 1, 2, 2, 2, pad=3),
}

LOOPS = {  # kind: (x, parameters, settings as in the constructor) -> y
    "Conv2D":  lambda x, p, *sizes, **settings: naive.conv2d(x, p["W"], p["b"], **settings),
    "Dense":   lambda x, p, *sizes:             naive.dense(x, p["W"], p["b"]),
    "MaxPool": lambda x, p, *sizes, **settings: naive.pool(np.max, x, *sizes, **settings),
    "AvgPool": lambda x, p, *sizes, **settings: naive.pool(np.mean, x, *sizes, **settings),
    "LRN":     lambda x, p, *sizes, **settings: naive.lrn(x, *sizes, **settings),
    "Flatten": lambda x, p: naive.flatten(x),
    "ReLU":    lambda x, p: naive.relu(x),
    "Tanh":    lambda x, p: naive.tanh(x),
    "Sigmoid": lambda x, p: naive.sigmoid(x),
    "Softmax": lambda x, p: naive.softmax(x),
    "BatchNorm": lambda x, p, *sizes, **settings: naive.batch_norm(x, p.get("W"), p["b"], **settings),
    "Scale": lambda x, p, factor: naive.each(lambda value: factor * value, x),
    "Local2D": lambda x, p, *sizes, **settings: naive.local2d(x, p["W"], p["b"], *sizes, **settings),
}
# fmt: on


def over_kits(test):
    """Run a test with every kit."""
    return pytest.mark.parametrize("kit", KITS.values(), ids=KITS)(test)


def over_cases(*kinds):
    """Run a test with every kit and every case of these kinds (none given: of all)."""
    chosen = {name: case for name, case in CASES.items() if not kinds or case.kind in kinds}

    def decorate(test):
        return over_kits(pytest.mark.parametrize("case", chosen.values(), ids=chosen)(test))

    return decorate


def over_kinds(test):
    """Run a test with every kit and one case of each layer, where all cases would take the same code path."""
    one_of_each = {case.kind: case for case in reversed(CASES.values())}  # the first of each
    return over_kits(pytest.mark.parametrize("case", one_of_each.values(), ids=one_of_each)(test))


def relative(ours, theirs):
    """Return the largest difference, relative to the largest element; nan if any value is nan."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    return np.max(np.abs(ours - theirs)) / max(np.max(np.abs(theirs)), 1e-300)

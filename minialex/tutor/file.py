"""The cases that the `example(rng)` and `expected(rng)` of a student's file give.

    def example(rng):
        return MyLayer(rng=rng), rng.standard_normal((2, 3, 5, 5))

returns a layer and an input; or a loss with logits and labels; or a dict of several, {"even size": (layer, x), ...}.
`expected(rng)` may return what forward should return, or a dict with the names of the example's.
"""

import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from minialex import checks
from minialex.checks import did_you_mean, expected
from minialex.layer import Layer
from minialex.tutor.importing import failed
from minialex.tutor.lesson import Case
from minialex.tutor.location import place_of_function

EXAMPLE = "def example(rng): return MyLayer(), rng.standard_normal((2, 3, 5, 5))"
RETURNS = "example(rng) to return (layer, x), or (loss, logits, labels), or a dict of such"


def cases(path: Path, module: ModuleType, seed: int) -> list[Case]:
    """Return the cases of a student's file, with their expected values."""
    examples = called(path, module, "example", RETURNS, seed)
    named = examples if isinstance(examples, dict) else {"example": examples}
    if not named or not all(isinstance(case, tuple | list) and len(case) in (2, 3) for case in named.values()):
        got = ", ".join(type(case).__name__ for case in named.values()) or "an empty dict"
        raise expected(path, RETURNS, got, "return these")
    values = expected_values(path, module, named, seed)
    place = place_of_function(module.example, "return", path)
    return [
        Case(f"{kind_of(layer)}, {name}", layer, x, labels[0] if labels else None, values.get(name), path, place)
        for name, (layer, x, *labels) in named.items()
    ]


def kind_of(layer: Any) -> str:
    return layer.__name__ if isinstance(layer, type) else type(layer).__name__


def called(path: Path, module: ModuleType, name: str, what: str, seed: int) -> Any:
    """Return the result of one of the file's functions, called with a generator of this seed."""
    if not callable(getattr(module, name, None)):
        layers = ", ".join(kind.__name__ for kind in layers_in(module))
        got = f"the layers {layers} but no example" if layers else "no Layer and no example"
        raise expected(path, "a function example(rng) that returns (layer, x)", got, f"add {EXAMPLE}")
    try:
        return getattr(module, name)(np.random.default_rng(seed))
    except (Exception, SystemExit) as error:  # a student's file may raise anything
        raise failed(path, what, error, place_of_function(getattr(module, name), "", path)) from error


def expected_values(path: Path, module: ModuleType, named: dict, seed: int) -> dict:
    """Return the values of forward that the file expects, by the name of the example."""
    function = getattr(module, "expected", None)
    if function is None or function is checks.expected:
        return {}
    values = called(path, module, "expected", "expected(rng) to return the values of forward", seed)
    if not isinstance(values, dict):
        if len(named) > 1:
            what = "expected(rng) to return a dict, as example does"
            raise expected(path, what, type(values).__name__, f"use the names {', '.join(map(str, named))}")
        return dict.fromkeys(named, values)
    for name in values.keys() - named.keys():
        what = f"expected(rng) to have names of example: {', '.join(map(str, named))}"
        raise expected(path, what, repr(name), did_you_mean(name, map(str, named)) or "use these names")
    return values


def layers_in(module: ModuleType) -> list[type]:
    """Return the layers that a file itself defines."""
    kinds = [kind for kind in vars(module).values() if inspect.isclass(kind) and issubclass(kind, Layer)]
    return [kind for kind in kinds if kind.__module__ == module.__name__]

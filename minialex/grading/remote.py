"""Remote: a submission's layer, computed in its own process; for the tutor it is a layer like any other."""

import copy
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from minialex.grading.frames import Frame
from minialex.grading.lines import with_lines
from minialex.layer import Layer
from minialex.tutor.verdict import Mistake

# what stands for results that are no arrays
EMPTY: dict[str, Any] = {
    "NoneType": None, "list": [], "tuple": (), "dict": {}, "str": "", "bool": False,
    "ndarray": np.empty(0, dtype=object),  # of Python objects
}  # fmt: skip
METHODS = ("forward", "backward", "output_shape")
NUMBERS = count(1)  # of layers, in whatever process

Ask = Callable[..., Frame]


class Remote(Layer):
    """A layer whose forward and backward run elsewhere; parameters and random states are kept here.

    What the other side has changed of x, dy or the parameters is changed here too, so that the tutor sees it.

    Args:   ask, of the process; number, of the layer there; made, its description; arrays, its parameters.
    """

    def __init__(self, ask: Ask, number: int, made: Mapping[str, Any], arrays: Mapping[str, np.ndarray]):
        super().__init__()
        self._ask, self._number, self.made = ask, number, made
        self.input_gradient = bool(made["input_gradient"])
        self.rng = np.random.default_rng(0) if made["draws"] else None
        self.params = {name.removeprefix("params "): array for name, array in arrays.items()}
        for name, value in made["numbers"].items():
            if not hasattr(self, name) and isinstance(value, int | float):
                vars(self)[name] = value

    def forward(self, x, *labels):
        arrays = {"x": x} | ({"labels": np.array(labels[0])} if labels else {})
        y, found = self._computed("forward", arrays)
        write_back(x, found.get("x"))
        return y

    def backward(self, *dy):
        dx, found = self._computed("backward", {"dy": dy[0]} if dy else {})
        for one in dy:
            write_back(one, found.get("dy"))
        self.grads = {name.removeprefix("grads "): array for name, array in found.items() if name.startswith("grads ")}
        return dx

    def output_shape(self, shape: tuple) -> tuple:
        answer, _ = self._ask("output_shape", layer=self._number, shape=list(shape))
        return tuple(answer["shape"])

    def _computed(self, do: str, arrays: dict) -> tuple[Any, dict]:
        states = [self.rng.bit_generator.state] if self.rng is not None else []
        arrays |= {f"params {name}": value for name, value in self.params.items()}
        answer, found = self._ask(do, arrays, layer=self._number, training=self.training, states=states)
        if self.rng is not None and answer["states"]:
            set_state(self.rng, answer["states"][0])
        for name in self.params.keys() & {name.removeprefix("params ") for name in found}:
            if not np.array_equal(self.params[name], found[f"params {name}"]):
                self.params[name] = found[f"params {name}"]
        return received(answer["type"], found.get("value")), found

    def __deepcopy__(self, memo) -> "Remote":
        arrays = {f"params {name}": value.copy() for name, value in self.params.items()}
        twin = type(self)(self._ask, next(NUMBERS), self.made, arrays)
        self._ask("copy", layer=self._number, to=twin._number)
        twin.training, twin.rng = self.training, copy.deepcopy(self.rng)
        return twin


def received(kind: str, value: np.ndarray | None) -> Any:
    """Return a result as the tutor expects it: an array, a number, or an empty object of its type."""
    if value is None:
        return EMPTY.get(kind, object())
    return float(value) if kind == "float" and value.shape == () and value.dtype.kind in "iuf" else value


def write_back(array: np.ndarray, changed: np.ndarray | None) -> None:
    """Change an array that was given to the other side as it was changed there."""
    if changed is not None and changed.shape == array.shape and not np.array_equal(array, changed, equal_nan=True):
        array[...] = changed


def set_state(rng: np.random.Generator, state: Any) -> None:
    try:
        rng.bit_generator.state = state
    except (ValueError, TypeError, KeyError) as error:
        raise Mistake("self.rng must be the rng that the constructor takes") from error


def remote(ask: Ask, path: Path, kind: str, arguments, settings: Mapping, *, draws: bool) -> Remote:
    """Make a layer in the process of a submission, and return it; its class has the names and lines of the submission.

    Args:   path, of the submission, whose lines hints show; it is not compiled here.
    """
    number = next(NUMBERS)
    made, arrays = ask("make", layer=number, kind=kind, arguments=list(arguments), settings=dict(settings), draws=draws)
    lines = {"forward": 0, "backward": 0} | made["lines"]
    methods = {name: with_lines(getattr(Remote, name), path, int(lines[name])) for name in METHODS if name in lines}
    methods.setdefault("output_shape", Layer.output_shape)
    name = made["kind"] if str(made["kind"]).isidentifier() else kind
    return type(name, (Remote,), methods)(ask, number, made, arrays)

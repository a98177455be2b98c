"""Arguments and inputs, checked: each kind of check once, and the sentence of every error.

conv1 (Conv2D): expected 3 channels, got 4 in (C, H, W) = (4, 32, 32); check the layer before it
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any, TypeVar

import numpy as np

E = TypeVar("E", bound=Exception)
T = TypeVar("T")


def expected(name, what: str, got, advice: str, error: type[E] = ValueError) -> E:  # type: ignore[assignment]
    """The error that names an argument, layer or file, and says what was expected, what came and what to do."""
    return error(f"{name}: expected {what}, got {got}; {advice}")


def is_integer(number, least: int = 1) -> bool:
    """Whether this is an integer, Python's or NumPy's, and no smaller than `least`; True and False are not."""
    return isinstance(number, Integral) and not isinstance(number, bool) and int(number) >= least


def check_integers(name, least: int = 1, /, **numbers) -> None:
    """Checks that the arguments are integers >= `least`: `check_integers("Conv2D", kernel=kernel, stride=stride)`."""
    for argument, number in numbers.items():
        if not is_integer(number, least):
            raise expected(name, f"{argument} to be an integer >= {least}", repr(number), f"change {argument}")


def check_numbers(name, low: float, high: float, /, **numbers) -> None:
    """Checks that the arguments are real numbers, low <= number < high."""
    for argument, number in numbers.items():
        if not (isinstance(number, Real) and low <= float(number) < high):
            what = f"{argument} to be a number, {low:g} <= {argument} < {high:g}"
            raise expected(name, what, repr(number), f"change {argument}")


def check_rng(name, rng) -> None:
    """Checks that the source of random numbers is a Generator: nothing here draws from a global state."""
    if not isinstance(rng, np.random.Generator):
        raise expected(name, "rng to be a numpy.random.Generator", repr(rng), "pass rng=numpy.random.default_rng(0)")


def choose(table: Mapping[str, T], name: str, kind: str) -> T:
    """The entry of that name, or an error that suggests the nearest: `choose(PRESETS, "sorce", "preset")`."""
    if name in table:
        return table[name]
    raise expected(kind, f"one of {', '.join(table)}", repr(name), did_you_mean(name, table) or "choose one of them")


def did_you_mean(name, names: Iterable[str], cutoff: float = 0.4) -> str:
    """The question "did you mean 'paper'?", or nothing where no name is near."""
    near = get_close_matches(str(name), list(names), n=1, cutoff=cutoff)
    return f"did you mean {near[0]!r}?" if near else ""


def described(array: Any) -> str:
    """An array's dtype and shape, or the type of what came in its place."""
    if not hasattr(array, "dtype"):
        return f"a {type(array).__name__}"
    return f"{str(array.dtype).split('.')[-1]} {tuple(array.shape)}"


def abridged(names: Sequence[str], n: int) -> str:
    """How many names there are, and the first n of them."""
    more = f"; and {len(names) - n:,} more" if len(names) > n else ""
    return f"{len(names):,}: {'; '.join(names[:n])}{more}"

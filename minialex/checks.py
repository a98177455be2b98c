"""Arguments and inputs, checked: each kind of check once, and the sentence of every error.

conv1 (Conv2D): expected 3 channels, got 4 in (C, H, W) = (4, 32, 32); check the layer before it
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from numbers import Integral, Real
from types import UnionType
from typing import Any, TypeVar, get_args

import numpy as np

E = TypeVar("E", bound=Exception)
T = TypeVar("T")
LARGEST, FLOAT = 2**63 - 1, 2**1023  # the integers of an array, and of a float, at most
TRANSPOSE = "NHWC? transpose with images.transpose(0, 3, 1, 2)"


def expected(name, what: str, got, advice: str, error: type[E] = ValueError) -> E:  # type: ignore[assignment]
    """Return the error that names an argument, layer or file: what was expected, what was given, what to do."""
    return error(f"{name}: expected {what}, got {shown(got)}; {advice}")


def shown(got) -> str:
    """Return what was given as text, in one line of at most 300 characters."""
    try:
        text = str(got)
    except ValueError:  # Python prints no integer of more than 4,300 digits
        return "an integer of thousands of digits"
    return text if len(text) <= 300 and text.isprintable() else " ".join(text.split())[:300]


def is_integer(number, least: int = 1) -> bool:
    """Tell whether this is an integer, Python's or NumPy's, and no smaller than `least`; True and False are not."""
    return isinstance(number, Integral) and not isinstance(number, bool) and int(number) >= least


def check_integers(name, least: int = 1, /, **numbers) -> None:
    """Check that the arguments are integers >= `least`: `check_integers("Conv2D", kernel=kernel, stride=stride)`."""
    for argument, number in numbers.items():
        if not is_integer(number, least) or number > LARGEST:
            raise expected(name, f"{argument} to be an integer >= {least}", in_brief(number), f"change {argument}")


def check_between(name, least: int, most: int, /, **numbers) -> None:
    """Check that the arguments are integers, least <= number <= most."""
    for argument, number in numbers.items():
        if is_integer(number, least) and number > most:
            raise expected(name, f"{argument} to be at most {most:,}", in_brief(number), f"change {argument}")
    check_integers(name, least, **numbers)


def in_brief(number) -> str:
    """Return a number, or what was given in its place, as text: an integer of many digits as 1e+23."""
    is_long = isinstance(number, Integral) and abs(int(number)) >= 10**15
    return f"{Decimal(int(number)).normalize():.6g}" if is_long else repr(number)


def check_numbers(name, low: float, high: float, /, **numbers) -> None:
    """Check that the arguments are real numbers, low <= number < high."""
    for argument, number in numbers.items():
        if not (is_real(number) and low <= float(number) < high):
            what = f"{argument} to be a number, {low:g} <= {argument} < {high:g}"
            raise expected(name, what, in_brief(number), f"change {argument}")


def is_real(number) -> bool:
    """Tell whether this is a real number, Python's or NumPy's, that a float can hold; True and False are not."""
    fits = not isinstance(number, Integral) or abs(int(number)) <= FLOAT
    return fits and isinstance(number, Real) and not isinstance(number, bool)


def check_flags(name, /, **flags) -> None:
    """Check that the arguments are True or False."""
    for argument, flag in flags.items():
        if not isinstance(flag, bool | np.bool):
            raise expected(name, f"{argument} to be True or False", repr(flag), f"change {argument}")


def check_kinds(name, kind: type | UnionType, advice: str, /, **things) -> None:
    """Check that the arguments are of a class, or one of several: `check_kinds("SGD", Layer, "pass it", net=net)`."""
    kinds = [one.__name__ for one in (get_args(kind) or (kind,))]
    for argument, thing in things.items():
        if not isinstance(thing, kind):
            raise expected(name, f"{argument} to be a {' or '.join(kinds)}", described(thing), advice)


def check_rng(name, rng) -> None:
    """Check that the source of random numbers is a Generator: nothing here draws from a global state."""
    if not isinstance(rng, np.random.Generator):
        raise expected(name, "rng to be a numpy.random.Generator", repr(rng), "pass rng=numpy.random.default_rng(0)")


def check_batch(name, x, device) -> None:
    """Check that `x` is what a layer on `device` can read: one array of floats there, with at least one image."""
    if isinstance(x, tuple):
        got = f"{len(x)} of them, one a group"
        raise expected(name, "one array", got, "put a Gather before it: a communication is missing")
    dtype = str(getattr(x, "dtype", type(x).__name__)).split(".")[-1]
    if dtype not in ("float32", "float64"):
        raise expected(name, "an array of float32 or float64", dtype, 'convert with x.astype("float32")')
    if len(x.shape) < 2:
        raise expected(name, "a batch, (N, C, H, W) or (N, F)", f"shape {x.shape}", "add the batch axis N")
    if x.shape[0] == 0:
        raise expected(name, "at least one image", f"shape {x.shape}", "leave empty batches out")
    if not device.holds(x):
        raise expected(name, f"an array on {device}", "one on another device", "use device.put(x)")


def check_image_shape(name, shape: tuple, channels: int | None = None) -> None:
    """Check that `shape` is (C, H, W), with as many channels as expected where that is given."""
    if len(shape) != 3:
        raise expected(name, "images (N, C, H, W)", f"(N, {', '.join(map(str, shape))})", "reshape the input")
    if channels not in (None, shape[0]):
        got = f"{shape[0]} in (C, H, W) = {tuple(shape)}"
        advice = TRANSPOSE if channels_last(shape) and channels == shape[2] else "check the layer before it"
        raise expected(name, f"{channels} channels", got, advice)


def channels_last(shape: tuple) -> bool:
    """Tell whether images of this shape, without the batch axis, look like (H, W, C): 1, 3 or 4 channels at the end."""
    return shape[2] in (1, 3, 4) and shape[0] not in (1, 3) and min(shape[:2]) > shape[2]


def choose(table: Mapping[str, T], name: str, kind: str) -> T:
    """Return the entry of that name, or raise an error that suggests the nearest one."""
    if isinstance(name, str) and name in table:
        return table[name]
    raise expected(kind, f"one of {', '.join(table)}", repr(name), did_you_mean(name, table) or "choose one of them")


def did_you_mean(name, names: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the question "did you mean 'paper'?", or nothing where no name is near; case does not count."""
    by_lower_case = {one.casefold(): one for one in names}
    near = [by_lower_case[one] for one in get_close_matches(str(name).casefold(), by_lower_case, n=1, cutoff=cutoff)]
    return f"did you mean {near[0]!r}?" if near else ""


def described(array: Any) -> str:
    """Return an array's dtype and shape, or the type of what was given in its place."""
    if not hasattr(array, "dtype"):
        return f"a {type(array).__name__}"
    return f"{str(array.dtype).split('.')[-1]} {tuple(array.shape)}"


def abridged(names: Sequence[str], n: int) -> str:
    """Return how many names there are, and the first n of them."""
    more = f"; and {len(names) - n:,} more" if len(names) > n else ""
    return f"{len(names):,}: {'; '.join(names[:n])}{more}"

"""Diagnosis: what may be wrong with an array, from its values and the right ones. A guess is worded as a question."""

from typing import NamedTuple

import numpy as np

from minialex.gradcases import TOLERANCE
from minialex.tutor.arrangement import arrangement_guess
from minialex.tutor.positions import positions_guess
from minialex.tutor.ratios import added_guess, close, constant_guess, factor_guess


class Evidence(NamedTuple):
    """What a guess is made from: a wrong array, the right one, and what it was computed from."""

    name: str  # "x", "W", ..., or "y" for the output of forward
    ours: np.ndarray
    right: np.ndarray
    variable: np.ndarray | None  # what the gradient is with respect to
    constants: dict[str, float]
    factors: dict[str, np.ndarray]  # arrays that a chain rule multiplies by
    source: str = "forward"  # of the right values


def guess(e: Evidence) -> str:
    """Return the most probable cause, as a question, or nothing."""
    if not np.all(np.isfinite(e.ours)):
        return f"nan or inf in {np.sum(~np.isfinite(e.ours))} of {e.ours.size} elements: a division by 0?"
    if not np.any(e.ours):
        return "0 everywhere: is it computed, and assigned?"
    if np.max(np.abs(e.right)) < 1e-8 * np.max(np.abs(e.ours)):
        return unread(e.name)
    return (
        constant_guess(e.ours, e.right, e.constants)
        or arrangement_guess(e.ours, e.right)
        or factor_guess(e.ours, e.right, e.factors)
        or added(e)
        or single_precision(e)
        or positions(e)
    )


def unread(name: str) -> str:
    """Return the advice where the differences are 0 everywhere, and the gradient is not."""
    if name == "x":
        return "the differences are 0 everywhere: does forward use x, without rounding it?"
    key = name.split(".")[-1]
    text = f'does forward read self.params["{key}"], and no other array such as self.{key}?'
    return f"the differences are 0 everywhere: {text}"


def added(e: Evidence) -> str:
    return "" if e.variable is None else added_guess(e.ours, e.right, e.variable, e.name)


def single_precision(e: Evidence) -> str:
    """Return the advice where an error is that of float32."""
    if not np.array_equal(e.ours, e.ours.astype("float32")) or not np.allclose(e.ours, e.right, rtol=1e-4, atol=1e-4):
        return ""
    return "computed in float32: use np.zeros(..., dtype=dy.dtype)"


def positions(e: Evidence) -> str:
    scale = max(np.max(np.abs(e.ours)), np.max(np.abs(e.right)))
    bad = np.abs(e.ours - e.right) > TOLERANCE * scale
    x = e.variable if e.name == "x" else None
    return positions_guess(e.ours, e.right, bad, x, maps=e.ours.ndim == 4 and e.name in "xy")


def accumulated(first: np.ndarray, second: np.ndarray) -> bool:
    """Tell whether the gradients of a second backward are those of the first, added to them."""
    return bool(np.any(first)) and np.shape(first) == np.shape(second) and close(second, 2 * np.array(first))

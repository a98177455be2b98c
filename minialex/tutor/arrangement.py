"""Guesses about an array with the right values in the wrong places: transposed, flipped, not summed, not reshaped."""

from collections.abc import Iterator
from itertools import chain, combinations, permutations

import numpy as np

from minialex.tutor.ratios import close


def arrangement_guess(ours: np.ndarray, right: np.ndarray) -> str:
    """Return the question about an array of the right shape whose values fit after transposing or flipping."""
    for axes in orders(ours):
        if ours.transpose(axes).shape == right.shape and close(ours.transpose(axes), right):
            return f"right after {transposing(axes)}: are two axes swapped?"
    for axes in subsets(ours.ndim):
        if close(np.flip(ours, axes), right):
            kernel = " (correlation and convolution mixed up?)" if set(axes) == {2, 3} else ""
            return f"right after reversing {axis_text(axes)}: an order reversed?{kernel}"
    for axis in range(ours.ndim):
        for shift in (1, -1):
            if close(np.roll(ours, shift, axis), right):
                return f"right after a shift by one along axis {axis}: off by one?"
    return ""


def shape_guess(ours: np.ndarray, right: np.ndarray | None, shape: tuple) -> str:
    """Return the advice on an array of a wrong shape; its values decide, where the right ones are known."""
    if ours.size == 0:
        return "it has no elements: a slice P:-P is empty where P is 0, P : H - P is not"
    if right is not None:
        for axes in orders(ours):
            if close(ours.transpose(axes), right):
                return f"transposed? The values are right after {transposing(axes)}"
        for axes in subsets(ours.ndim):
            if ours.size > right.size and close(ours.sum(axes).reshape(-1), right.reshape(-1)):
                batch = " (the batch)" if axes == (0,) else ""
                return f"not summed? The values are right after a sum over {axis_text(axes)}{batch}"
        if close(ours.reshape(-1), right.reshape(-1)):
            return f"not reshaped? The values are right after reshaping to {shape}"
    if ours.ndim > 1 and ours.shape == shape[::-1]:
        return "transposed?"
    if ours.ndim and ours.size == np.prod(shape):
        return f"transposed, or not reshaped to {shape}?"
    if ours.size > np.prod(shape):
        return "sum over the axes along which it was broadcast?"
    return "summed too much, or of one image only?"


def orders(array: np.ndarray) -> Iterator[tuple[int, ...]]:
    """Yield the orders of the axes but for the order as it is."""
    return (axes for axes in permutations(range(min(array.ndim, 5))) if array.ndim <= 5 and list(axes) != sorted(axes))


def subsets(n: int) -> Iterator[tuple[int, ...]]:
    """Yield the choices of one axis or more among n, the smallest first."""
    return chain.from_iterable(combinations(range(n), k) for k in range(1, min(n, 4) + 1))


def transposing(axes: tuple[int, ...]) -> str:
    return ".T" if axes == (1, 0) else f"transpose{axes}"


def axis_text(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"axes {', '.join(map(str, axes))}"

"""The arithmetic of minimal filtering (see `winograd.py`): polynomials at the six points 0, 1, -1, 2, -2 and infinity.

All work on a chunk that stays in the cache, in `scratch` and in place.
"""

from collections.abc import Iterator

import numpy as np

SCALE = (1 / 4, 1 / 6, 1 / 6, 1 / 24, 1 / 24, 1)  # left out by `interpolate`, so that its factors are integers


def evaluate(c: list, out, scratch) -> None:
    """Set out[p] to the sum over j of c[j] * p**j, at infinity to the last c; p and -p share their sums."""
    even, odd, part = scratch
    out[0], out[5] = c[0], c[-1]
    for p, size in ((1, 1), (3, 2)):
        for total, first in ((even, 0), (odd, 1)):
            np.multiply(c[first], size**first, out=total)
            for j in range(first + 2, len(c), 2):
                total += np.multiply(c[j], size**j, out=part)
        np.add(even, odd, out=out[p])
        np.subtract(even, odd, out=out[p + 1])


def collect(products, n: int, scratch) -> Iterator:
    """Yield i and the sum over p of p**i * products[p] for each i < n: `evaluate` transposed. Overwrites products."""
    at_0, plus, minus, plus_2, minus_2, at_infinity = products
    odd = np.subtract(plus, minus, out=scratch[: len(plus)])
    plus += minus
    odd_2 = np.subtract(plus_2, minus_2, out=minus)
    plus_2 += minus_2
    result = minus_2
    for i in range(n):
        np.multiply(odd_2 if i % 2 else plus_2, 2**i, out=result)
        result += odd if i % 2 else plus
        if i == 0:
            result += at_0
        if i == n - 1:
            result += at_infinity
        yield i, result


def interpolate(x: list, out, scratch) -> None:
    """Set out to what six neighbours of a row are at the six points, times 4, 6, 6, 24, 24 and 1.

    4 x0 - 5 x2 + x4
    (4 x2 - x4) + (4 x1 - x3)         (4 x2 - x4) - (4 x1 - x3)
    (x4 - x2) + 2 (x3 - x1)           (x4 - x2) - 2 (x3 - x1)
    4 x1 - 5 x3 + x5
    """
    even, odd = scratch
    np.multiply(x[2], 4, out=even)
    even -= x[4]
    np.multiply(x[1], 4, out=odd)
    odd -= x[3]
    np.add(even, odd, out=out[1])
    np.subtract(even, odd, out=out[2])
    np.subtract(x[4], x[2], out=even)
    np.subtract(x[3], x[1], out=odd)
    np.multiply(odd, -4, out=out[5])
    odd *= 2
    np.add(even, odd, out=out[3])
    np.subtract(even, odd, out=out[4])
    np.subtract(x[0], x[2], out=odd)
    odd *= 4
    np.add(odd, even, out=out[0])
    out[5] -= x[3]
    out[5] += x[5]

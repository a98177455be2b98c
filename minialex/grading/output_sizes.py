"""Usual mistakes in output_shape: a wrong shape is compared with what each mistake would give."""

from collections.abc import Callable
from typing import Any

# the side of y for a side of x, a kernel, a stride and the pad on each side
SIDES: list[tuple[str, Callable[..., int]]] = [
    ("was the 1 + forgotten?", lambda side, K, S, P: (side + 2 * P - K) // S),
    ("is there a pad on one side only? 2 * pad", lambda side, K, S, P: 1 + (side + P - K) // S),
    ("was the pad forgotten?", lambda side, K, S, P: 1 + (side - K) // S),
    ("was the stride forgotten?", lambda side, K, S, P: 1 + side + 2 * P - K),
    ("rounded up, where what fills no window is left out?", lambda side, K, S, P: 1 - (K - side - 2 * P) // S),
    ("the shape of x?", lambda side, K, S, P: side),
]


def about_shape(got: tuple, right: tuple, shape: tuple, layer: Any) -> str:
    """Return what may be wrong with (C_out, OH, OW).

    Args:   shape, of x; layer, ours, of which the kernel, the stride and the pad are read.
    """
    if len(got) != len(right) or not hasattr(layer, "kernel"):
        return "both are without N"
    if got[0] != right[0]:
        return "y has as many channels as there are kernels" if layer.params else "pooling keeps the channels"
    if got[1:] == right[:0:-1]:
        return "H and W exchanged?"
    pad = getattr(layer, "pad", (0, 0))[0]
    questions = []
    for question, side_of in SIDES:
        sides = tuple(side_of(side, layer.kernel, layer.stride, pad) for side in shape[1:])
        questions += [question] if got[1:] == sides != right[1:] else []
    return " Or: ".join(questions) or "1 + (side + 2 * pad - kernel) // stride, rounded down"

"""Usual mistakes in convolution, pooling and response normalization; `usual.py` has the other layers."""

from collections.abc import Sequence

import numpy as np

from minialex.layers.im2col import pad_maps
from minialex.tutor.wrong_maps import (
    added,
    first_channel,
    first_term,
    half_window,
    last_window,
    maxima,
    normalized,
    placed,
    second_term,
    second_term_of_neighbours,
    squares,
    windows,
)

# fmt: off
CONVOLUTION: dict[tuple[str, str], Sequence[tuple]] = {
    ("Conv2D", "y"): [
        ("was the padding forgotten?",                           lambda s: s.forward(pad=(0, 0))),
        ("was the stride forgotten?",                            lambda s: s.forward(stride=1)),
        ("the windows are one pixel apart: was the stride forgotten in their position?",
         lambda s: s.forward(stride=1)[:, :, : s.y.shape[2], : s.y.shape[3]]),
        ("was b forgotten?",                                     lambda s: s.forward(b=0 * s.b)),
        ("the kernel reversed: a convolution of mathematics, where the paper's is a correlation?",
         lambda s: s.forward(W=s.W[:, :, ::-1, ::-1])),
        ("rows and columns of the kernel exchanged?",            lambda s: s.forward(W=s.W.transpose(0, 1, 3, 2))),
        ("only the first channel: is the sum over the channels forgotten?", lambda s: first_channel(s)),
        ("padded with the values at the edge in place of zeros?",
         lambda s: s.forward(x=np.pad(s.x, [(0, 0), (0, 0), s.layer.pad, s.layer.pad], mode="edge"), pad=(0, 0))),
    ],
    ("Conv2D", "x"): [
        ("still padded: cut the padding off dx",
         lambda s: s.backward(x=pad_maps(np, s.x, *s.layer.pad), pad=(0, 0))),
        ("the kernel reversed?",                                 lambda s: s.backward(W=s.W[:, :, ::-1, ::-1])),
        ("assigned where windows overlap: += in place of =?",    lambda s: placed(s, s.layer.stride, add=False)),
        ("the windows are one pixel apart: was the stride forgotten in their position?",
         lambda s: placed(s, 1, add=True)),
        ("was W forgotten (the chain rule)?",                    lambda s: s.backward(W=np.ones_like(s.W))),
    ],
    ("Conv2D", "W"): [
        ("the last window alone: += in place of =?",             lambda s: last_window(s)),
    ],
}
POOLING: dict[tuple[str, str], Sequence[tuple]] = {
    ("MaxPool", "y"): [
        ("the windows do not overlap: is their distance the stride, and not the kernel?",
         lambda s: s.forward(stride=s.layer.kernel)),
        ("was the stride forgotten?",                            lambda s: s.forward(stride=1)),
        ("the mean in place of the maximum?",                    lambda s: windows(s).mean(axis=0)),
        ("the smallest in place of the largest?",                lambda s: windows(s).min(axis=0)),
        ("0 where all of a window is negative: does the search for the largest begin at 0?",
         lambda s: np.maximum(s.y, 0)),
    ],
    ("MaxPool", "x"): [
        ("a tie: each of several equal maxima gets dy, only the first one should?",
         lambda s: added(s, (tap == s.y for tap in windows(s)))),
        ("a tie: dy is shared by equal maxima, the first one should get all of it?",
         lambda s: added(s, ((tap == s.y) / (windows(s) == s.y).sum(axis=0) for tap in windows(s)))),
        ("a tie: the last of several equal maxima gets dy, the first one should?",
         lambda s: added(s, (windows(s)[::-1].argmax(axis=0) == tap for tap in range(s.layer.kernel**2)[::-1]))),
        ("shared by the whole window, as in average pooling: all of dy goes to the maximum?",
         lambda s: added(s, (1 / s.layer.kernel**2 for _ in windows(s)))),
        ("assigned where windows overlap: += in place of =?",    lambda s: maxima(s, s.layer.stride, add=False)),
        ("the windows are one pixel apart: was the stride forgotten in their position?",
         lambda s: maxima(s, 1, add=True)),
    ],
}
NORMALIZATION: dict[tuple[str, str], Sequence[tuple]] = {
    ("LRN", "y"): [
        ("4 neighbours in place of n = 5: is the element itself left out of its window?",
         lambda s: normalized(s, squares(s, half_window(s)) - s.x**2)),
        ("the window is off by one: does it end before i + n // 2? (a range leaves out its end)",
         lambda s: normalized(s, squares(s, half_window(s)[:-1]))),
        ("the window is off by one: does it begin after i - n // 2?",
         lambda s: normalized(s, squares(s, half_window(s)[1:]))),
        ("the window is not in the middle: from i - n // 2 to i + n // 2?",
         lambda s: normalized(s, squares(s, range(s.layer.n)))),
        ("n neighbours on each side, where n is the whole window?",
         lambda s: normalized(s, squares(s, range(-s.layer.n, s.layer.n + 1)))),
        ("the window goes around the end: outside of the channels is 0 (np.roll?)",
         lambda s: normalized(s, sum(np.roll(s.x**2, j, axis=1) for j in half_window(s)))),
        ("alpha divided by n: the paper's formula does not",     lambda s: s.forward(alpha=s.layer.alpha / s.layer.n)),
        ("the values in place of their squares?",
         lambda s: normalized(s, squares(s, half_window(s), np.abs(s.x)))),
        ("the values in place of their squares?",
         lambda s: normalized(s, squares(s, half_window(s), s.x))),
        ("was k forgotten?",                                     lambda s: s.forward(k=0.0)),
        ("k = 1 in place of the paper's 2?",                     lambda s: s.forward(k=1.0)),
        ("the square root in place of the power beta?",          lambda s: s.forward(beta=0.5)),
        ("was the power beta forgotten?",                        lambda s: s.forward(beta=1.0)),
        ("multiplied by the power in place of divided?",         lambda s: s.forward(beta=-s.layer.beta)),
        ("a window of pixels: the paper's goes across channels", lambda s: s.forward(across="space")),
    ],
    ("LRN", "x"): [
        ("the first term alone: each a[j] is in the sums of its neighbours too",
         lambda s: first_term(s)),
        ("the factor 2 of the derivative of a[j]**2 forgotten?", lambda s: first_term(s) + second_term(s) / 2),
        ("the sign of the second term: the power is -beta",      lambda s: first_term(s) - second_term(s)),
        ("was alpha forgotten in the second term?",
         lambda s: first_term(s) + second_term(s) / s.layer.alpha),
        ("was beta forgotten in the second term?",
         lambda s: first_term(s) + second_term(s) / s.layer.beta),
        ("the power of scale in the second term: is it -beta - 1?", lambda s: first_term(s) + second_term(s, power=0)),
        ("the power of scale in the second term: is it -beta - 1?", lambda s: first_term(s) + second_term(s, power=-1)),
        ("a[i] in the sum in place of a[j] before it?",
         lambda s: first_term(s) + second_term_of_neighbours(s)),
        ("the second term of the element alone: sum over the window",
         lambda s: first_term(s) + second_term(s, [0])),
    ],
}
# fmt: on

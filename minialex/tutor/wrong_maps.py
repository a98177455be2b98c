"""What mistakes in convolution, pooling and response normalization would compute, for `usual_maps.py`."""

from collections.abc import Iterable, Sequence

import numpy as np

from minialex.layers.im2col import pad_maps, taps
from minialex.tutor.situation import Situation


def first_channel(s: Situation) -> np.ndarray | None:
    W = s.W.copy()
    W[:, 1:] = 0
    return s.forward(W=W)


def placed(s: Situation, stride: int, *, add: bool) -> np.ndarray:
    """Return dx of a convolution whose windows are `stride` apart, and add up or overwrite the ones before."""
    K, (before, after) = s.layer.kernel, s.layer.pad
    dx = pad_maps(np, np.zeros_like(s.x), before, after)
    for h, w in np.ndindex(s.dy.shape[2:]):
        place = dx[:, :, stride * h : stride * h + K, stride * w : stride * w + K]
        place[:] = add * place + s.backward(x=place, dy=s.dy[:, :, h, w][..., None, None], pad=(0, 0))
    return dx[:, :, before : dx.shape[2] - after, before : dx.shape[3] - after]


def last_window(s: Situation) -> np.ndarray:
    """Return dW of a convolution where each window overwrites the ones before it: that of the last one."""
    layer, K = s.with_settings(pad=(0, 0)), s.layer.kernel
    h, w = (s.layer.stride * (side - 1) for side in s.dy.shape[2:])
    layer.forward(pad_maps(np, s.x, *s.layer.pad)[:, :, h : h + K, w : w + K])
    layer.backward(s.dy[:, :, -1:, -1:])
    return layer.grads["W"]


def windows(s: Situation) -> np.ndarray:
    """Return the elements of each window, (K*K, N, C, OH, OW)."""
    return np.stack(list(taps(s.x, s.layer.kernel, s.layer.stride, *s.y.shape[2:])))


def added(s: Situation, shares: Iterable) -> np.ndarray:
    """Return dx of pooling in which each tap gets its share of dy."""
    dx = np.zeros_like(s.x)
    for view, share in zip(taps(dx, s.layer.kernel, s.layer.stride, *s.y.shape[2:]), shares, strict=True):
        view += share * s.dy
    return dx


def maxima(s: Situation, stride: int, *, add: bool) -> np.ndarray:
    """Return dx of max pooling that is written as if windows were `stride` apart, and adds up or overwrites."""
    dx, K, S = np.zeros_like(s.x), s.layer.kernel, s.layer.stride
    for n, c, h, w in np.ndindex(s.dy.shape):
        window = s.x[n, c, S * h : S * h + K, S * w : S * w + K]
        i, j = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, stride * h + i, stride * w + j] = add * dx[n, c, stride * h + i, stride * w + j] + s.dy[n, c, h, w]
    return dx


def half_window(s: Situation) -> range:
    """Return the offsets of the channels in the window: -2 .. 2."""
    return range(-(s.layer.n // 2), s.layer.n // 2 + 1)


def squares(s: Situation, offsets: Iterable[int], values: np.ndarray | None = None) -> np.ndarray:
    """Return the sum of a[i + offset]**2 over the offsets; outside of the channels it is 0."""
    values, C = s.x**2 if values is None else values, s.x.shape[1]
    total = np.zeros_like(s.x)
    for offset in offsets:
        inside = slice(max(0, -offset), max(0, min(C, C - offset)))
        total[:, inside] += values[:, inside.start + offset : inside.stop + offset]
    return total


def normalized(s: Situation, total: np.ndarray) -> np.ndarray:
    return s.x / (s.layer.k + s.layer.alpha * total) ** s.layer.beta


def first_term(s: Situation) -> np.ndarray:
    return s.dy * (s.layer.k + s.layer.alpha * squares(s, half_window(s))) ** -s.layer.beta


def second_term(s: Situation, offsets: Sequence[int] | None = None, power: int = 1) -> np.ndarray:
    """Return the second term of dx, over a window of these offsets, with scale to the power of -beta - power."""
    scale = s.layer.k + s.layer.alpha * squares(s, half_window(s))
    inner = squares(s, half_window(s) if offsets is None else offsets, s.dy * s.y / scale**power)
    return -2 * s.layer.alpha * s.layer.beta * s.x * inner


def second_term_of_neighbours(s: Situation) -> np.ndarray:
    """Return the second term with a[i], inside of the sum, in place of a[j] before it."""
    scale = s.layer.k + s.layer.alpha * squares(s, half_window(s))
    return -2 * s.layer.alpha * s.layer.beta * squares(s, half_window(s), s.dy * s.y / scale * s.x)

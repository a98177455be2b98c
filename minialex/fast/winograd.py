"""Convolution with fewer multiplications: Winograd's minimal filtering along the rows.

m neighbouring outputs of a row under K kernel columns cost m + K - 1 products instead of m * K: the kernel's row and
the outputs are taken as polynomials, evaluated at the six points 0, 1, -1, 2, -2 and infinity, and multiplied there.

    kernel column w[0..K-1]     U[p] = scale[p] * sum of w[j] * p**j                   evaluate
    row of x                    V[p] = p's combination of x[m*t .. m*t + 5]            interpolate
    row of y                    y[m*t + i] = sum over p of p**i * (U[p] V[p])[t]       collect

    K = 3: m = 4, 6 products instead of 12            K = 5: m = 2, 6 products instead of 10

It is still a convolution without columns (see `windows.py`): V[p] is stored as (H, C, T, N) with T = OW / m, the rows
under the kernel are a matrix (K*C, T*N), and each of the six points is one product. The gradient by the weights is
the same thing transposed: dy is evaluated, the products are collected.

Windows that are s pixels apart, as conv1's, are first made neighbours: every s-th column of x is a channel of its own,
s times as many channels with a kernel of K / s columns (its last ones filled up with zeros).

    x        0 1 2 3 4 5 6 7 8 9 ...        phase 0: 0 4 8 ...   1: 1 5 9 ...   2: 2 6 ...   3: 3 7 ...
    11 columns, 4 apart                     3 columns of each phase, 1 apart

Rounding errors are about three times those of the plain sum, 1e-6 of the result's deviation; no value is dropped. A
number that is not finite spoils its whole tile. V and the products cost memory: 3/2 of x for K = 3, 3 times x for
K = 5, leased for the time of a call.

Measured, layers of the paper at batch 128: 0.75 to 0.83 of the time of `windows.py`. With few channels or kernels the
products are too thin, and on small maps the kernels cost more than they save: there it is slower.

Source: S. Winograd, Arithmetic Complexity of Computations (1980); A. Lavin and S. Gray, Fast Algorithms for
Convolutional Neural Networks (2016), there in two dimensions, which takes more memory traffic than it saves here.
"""

from collections.abc import Iterator

import numpy as np

from minialex.devices import Device
from minialex.fast.windows import slabs_of

OUTPUTS = {3: 4, 5: 2}  # m by K: so that m + K - 1 = 6
SCALE = (1 / 4, 1 / 6, 1 / 6, 1 / 24, 1 / 24, 1)  # what `interpolate` leaves out, to have whole factors
PIECE = 2**17  # numbers of one point that are worked on at a time: larger leaves the cache, smaller waits for Python


def pays(K: int, stride: int, before: int, C: int, O: int, OH: int, OW: int, N: int) -> bool:
    """Whether this can do it and is faster than the other forms, as far as was measured."""
    columns = -(-K // stride)
    if columns not in OUTPUTS or before < 0 or N < 32 or OH * OW * N < 4096:
        return False
    if O < 64 or K * stride * C * O < 12000:
        return False
    return 6 * tiles(columns, OW) <= 0.7 * columns * OW  # a short row can leave most of its last tile empty


def tiles(columns: int, OW: int) -> int:
    return -(-OW // OUTPUTS[columns])


def correlate(device: Device, x, W, stride: int, before: int, y, bias) -> None:
    """As in `windows.py`, with windows `stride` apart."""
    H, _, _, N = x.shape
    O, _, K, _ = W.shape
    OH, _, OW, _ = y.shape
    W = neighbours(W, stride)
    C, columns = W.shape[1], W.shape[3]
    T = tiles(columns, OW)
    U = kernel_at_points(device, W)
    V = rows_at_points(device, x, columns, stride, before, OW).reshape(6, H * C, T * N)
    slabs = slabs_of(O, OH)
    size, few = O // slabs, max(1, PIECE // (T * N))
    bias = bias[:, None, None]

    def work(start: int, stop: int) -> None:
        products = device.empty((6, size, T, N), x.dtype)
        spare = device.empty((few, T, N), x.dtype)
        for unit in range(start, stop):
            slab, h = divmod(unit, OH)
            first = slab * size
            top, bottom, r0 = under(h, stride, before, K, H)
            for p in range(6):
                kernels = U[p, first : first + size, top * C : bottom * C]
                rows = V[p, (r0 + top) * C : (r0 + bottom) * C]
                np.matmul(kernels, rows, out=products[p].reshape(size, T * N))
            for o in range(0, size, few):
                own = slice(first + o, first + min(o + few, size))
                for i, result in collect(products[:, o : o + few], OUTPUTS[columns], spare):
                    place = y[h, own, i :: OUTPUTS[columns]]
                    np.add(result[:, : place.shape[1]], bias[own], out=place)

    device.share(work, slabs * OH)


def weight_gradient(device: Device, x, dy, K: int, stride: int, before: int) -> np.ndarray:
    """As in `windows.py`, with windows `stride` apart."""
    H, C, _, N = x.shape
    OH, O, OW, _ = dy.shape
    C, columns = C * stride, -(-K // stride)
    m, T = OUTPUTS[columns], tiles(columns, OW)
    V = rows_at_points(device, x, columns, stride, before, OW).reshape(6, H * C, T * N)
    few = max(1, PIECE // (T * N))
    sums: dict[int, np.ndarray] = {}  # by a worker's first row, to be added in that order

    def work(start: int, stop: int) -> None:
        total = np.zeros((6, K * C, O), x.dtype)
        product = np.empty((K * C, O), x.dtype)
        at_points = device.empty((6, O, T, N), x.dtype)
        padded = np.zeros((few, m * T, N), x.dtype)
        spare = device.empty((3, few, T, N), x.dtype)
        for h in range(start, stop):
            row_at_points(dy[h], m, at_points, padded, spare)
            top, bottom, r0 = under(h, stride, before, K, H)
            part = product[: (bottom - top) * C]
            for p in range(6):
                rows = V[p, (r0 + top) * C : (r0 + bottom) * C]
                np.matmul(rows, at_points[p].reshape(O, T * N).T, out=part)
                total[p, top * C : bottom * C] += part
        sums[start] = total

    device.share(work, OH)
    total = np.sum([sums[start] for start in sorted(sums)], axis=0)
    total *= np.array(SCALE, x.dtype)[:, None, None]
    dW = np.empty((O, C, K, columns), x.dtype)
    for j, column in collect(total, columns, np.empty_like(total[0])):
        dW[..., j] = column.reshape(K, C, O).transpose(2, 1, 0)
    return as_they_were(dW, stride)


def row_at_points(row, m: int, out, padded, spare) -> None:
    """out (6, O, T, N) = a row of dy (O, OW, N), polynomials of m numbers; len(padded) kernels at a time."""
    for o in range(0, len(row), len(padded)):
        own = slice(o, min(o + len(padded), len(row)))
        part = padded[: own.stop - o]
        part[:, : row.shape[1]] = row[own]
        evaluate([part[:, i::m] for i in range(m)], out[:, own], spare[:, : own.stop - o])


def neighbours(W, stride: int) -> np.ndarray:
    """The kernel (O, C, K, K) for channels that are phases: (O, C*stride, K, K / stride rounded up)."""
    O, C, K, _ = W.shape
    columns = -(-K // stride)
    filled = np.zeros((O, C, K, columns * stride), W.dtype)
    filled[..., :K] = W
    return filled.reshape(O, C, K, columns, stride).transpose(0, 1, 4, 2, 3).reshape(O, C * stride, K, columns)


def as_they_were(dW, stride: int) -> np.ndarray:
    """The transpose of `neighbours`."""
    O, C, K, columns = dW.shape
    apart = dW.reshape(O, C // stride, stride, K, columns).transpose(0, 1, 3, 4, 2)
    return np.ascontiguousarray(apart.reshape(O, C // stride, K, columns * stride)[..., :K])


def under(h: int, stride: int, before: int, K: int, H: int) -> tuple[int, int, int]:
    """The kernel's rows that lie on the map, for row h of y, and the row under its first; all outside leaves none."""
    r0 = h * stride - before
    top = min(K, max(0, -r0))
    return top, max(top, min(K, H - r0)), r0


def kernel_at_points(device: Device, W) -> np.ndarray:
    """U (6, O, K*C), scaled."""
    O, C, K, _ = W.shape
    U = device.empty((6, O, K, C), W.dtype)

    def work(start: int, stop: int) -> None:
        columns = np.ascontiguousarray(W[start:stop].transpose(3, 0, 2, 1))
        evaluate(list(columns), U[:, start:stop], np.empty((3, *columns.shape[1:]), W.dtype))
        for at_point, scale in zip(U[:, start:stop], SCALE, strict=True):
            at_point *= scale

    device.share(work, O)
    return U.reshape(6, O, K * C)


def rows_at_points(device: Device, x, columns: int, stride: int, before: int, OW: int) -> np.ndarray:
    """V (6, H, C*stride, T, N)."""
    H, C, _, N = x.shape
    m, T = OUTPUTS[columns], tiles(columns, OW)
    length = m * T + columns - 1
    V = device.empty((6, H, C * stride, T, N), x.dtype)
    few = max(1, PIECE // (T * N * stride))

    def work(start: int, stop: int) -> None:
        padded = np.zeros((few, stride, length, N), x.dtype)
        spare = device.empty((2, few * stride, T, N), x.dtype)
        for h in range(start, stop):
            for c in range(0, C, few):
                own = slice(c, min(c + few, C))
                count = own.stop - c
                for f in range(stride):  # the columns f, f + stride, ... of the padded row
                    left = max(0, -((f - before) // stride))  # the first of them that is on the map
                    phase = x[h, own, left * stride + f - before :: stride][:, : length - left]
                    padded[:count, f, left : left + phase.shape[1]] = phase
                row = padded[:count].reshape(count * stride, length, N)
                six = [row[:, k : k + m * (T - 1) + 1 : m] for k in range(6)]
                interpolate(six, V[:, h, c * stride : own.stop * stride], spare[:, : count * stride])

    device.share(work, H)
    return V


def evaluate(c: list, out, spare) -> None:
    """out[p] = sum over j of c[j] * p**j; at infinity only the last counts. Points of one size share their sums."""
    even, odd, part = spare
    out[0], out[5] = c[0], c[-1]
    for p, size in ((1, 1), (3, 2)):
        for total, first in ((even, 0), (odd, 1)):
            np.multiply(c[first], size**first, out=total)
            for j in range(first + 2, len(c), 2):
                total += np.multiply(c[j], size**j, out=part)
        np.add(even, odd, out=out[p])
        np.subtract(even, odd, out=out[p + 1])


def collect(products, n: int, spare) -> Iterator:
    """The transpose of `evaluate`: for each i < n: i, and the sum over p of p**i * products[p], which are spent."""
    at_0, plus, minus, plus_2, minus_2, at_infinity = products
    odd = np.subtract(plus, minus, out=spare[: len(plus)])
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


def interpolate(x: list, out, spare) -> None:
    """What six neighbours of a row are at the six points, times 4, 6, 6, 24, 24 and 1.

    4 x0 - 5 x2 + x4
    (4 x2 - x4) + (4 x1 - x3)         (4 x2 - x4) - (4 x1 - x3)
    (x4 - x2) + 2 (x3 - x1)           (x4 - x2) - 2 (x3 - x1)
    4 x1 - 5 x3 + x5
    """
    even, odd = spare
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

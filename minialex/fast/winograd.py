"""Convolution with fewer multiplications: Winograd's minimal filtering along the rows.

m neighbouring outputs of a row under K kernel columns cost m + K - 1 products instead of m * K: the kernel's row and
the outputs are taken as polynomials, evaluated at the six points 0, 1, -1, 2, -2 and infinity, and multiplied there.

    kernel column w[0..K-1]     U[p] = scale[p] * sum of w[j] * p**j                   evaluate
    row of x                    V[p] = p's combination of x[m*t .. m*t + 5]            interpolate
    row of y                    y[m*t + i] = sum over p of p**i * (U[p] V[p])[t]       collect

    K = 3: m = 4, 6 products instead of 12            K = 5: m = 2, 6 products instead of 10

It is still a convolution without columns (see `windows.py`): V[p] is stored as (H, C, T, N) with T = OW / m, the rows
under the kernel are a matrix (K*C, T*N), and each of the six points is one product. The gradient with respect to W is
the same thing transposed: dy is evaluated, the products are collected. The products are here, the transforms of arrays
in `transforms.py`, their arithmetic in `polynomials.py`.

Windows that are s pixels apart, as conv1's, are first made adjacent: every s-th column of x is a channel of its own,
s times as many channels with a kernel of K / s columns (its last ones filled up with zeros).

    x        0 1 2 3 4 5 6 7 8 9 ...        phase 0: 0 4 8 ...   1: 1 5 9 ...   2: 2 6 ...   3: 3 7 ...
    11 columns, 4 apart                     3 columns of each phase, 1 apart

Rounding errors are about three times those of the plain sum, 1e-6 of the result's deviation; no value is dropped. A
value that is not finite spoils its whole tile. V and the products cost memory: 3/2 of x for K = 3, 3 times x for
K = 5, leased during a call.

Measured, layers of the paper at batch 128: 0.75 to 0.83 of the time of `windows.py` where BLAS has registers of 256
bits. With few channels or kernels the products are too thin, and on small maps the kernels cost more than they save:
there it is slower. With registers of 512 bits products take half the time and the transforms as long as before: conv3
takes 0.8, conv4 0.9, conv5 1.0, conv2 1.3 and conv1 1.3 of it, so that only conv3 and conv4 are computed so.

Source: S. Winograd, Arithmetic Complexity of Computations (1980); A. Lavin and S. Gray, Fast Algorithms for
Convolutional Neural Networks (2016), there in two dimensions, which takes more memory traffic than it saves here.
"""

import numpy as np

from minialex.devices import Device
from minialex.devices.workers import blas_is_wide
from minialex.fast import transforms
from minialex.fast.reduction import ordered_sum
from minialex.fast.transforms import OUTPUTS, tiles
from minialex.fast.windows import slabs_of


def pays(K: int, stride: int, before: int, C: int, O: int, OH: int, OW: int, N: int) -> bool:
    """Tell whether these sizes are possible here and faster than in the other forms, as far as was measured."""
    columns = -(-K // stride)
    if columns not in OUTPUTS or before < 0 or N < 32 or OH * OW * N < 4096:
        return False
    if blas_is_wide() and (columns, stride) != (3, 1):
        return False
    if O < 64 or K * stride * C * O < (110_000 if blas_is_wide() else 12_000):
        return False
    return 6 * tiles(columns, OW) <= 0.7 * columns * OW  # a short row can leave most of its last tile empty


def correlate(device: Device, x, W, stride: int, before: int, y, bias) -> None:
    """Correlate x with W into y, as in `windows.py`, with windows `stride` apart."""
    H, _, _, N = x.shape
    O, _, K, _ = W.shape
    OH, _, OW, _ = y.shape
    W = transforms.phases(W, stride)
    C, columns = W.shape[1], W.shape[3]
    m, T = OUTPUTS[columns], tiles(columns, OW)
    U = transforms.kernel_at_points(device, W)
    V = transforms.rows_at_points(device, x, columns, stride, before, OW).reshape(6, H * C, T * N)
    slabs = slabs_of(O, OH, device.workers)
    size, chunk = O // slabs, transforms.chunk_of(T * N)

    def work(start: int, stop: int) -> None:
        products = device.empty((6, size, T, N), x.dtype)
        scratch = device.empty((chunk, T, N), x.dtype)
        for unit in range(start, stop):
            slab, h = divmod(unit, OH)
            kernels = slice(slab * size, (slab + 1) * size)
            top, bottom, r0 = kernel_rows(h, stride, before, K, H)
            for p in range(6):
                rows = V[p, (r0 + top) * C : (r0 + bottom) * C]
                np.matmul(U[p, kernels, top * C : bottom * C], rows, out=products[p].reshape(size, T * N))
            transforms.row_from_points(products, bias[kernels], m, y[h, kernels], scratch)

    device.share(work, slabs * OH)


def weight_gradient(device: Device, x, dy, K: int, stride: int, before: int) -> np.ndarray:
    """Return dW (O, C, K, K), as in `windows.py`, with windows `stride` apart."""
    H, C, _, N = x.shape
    OH, O, OW, _ = dy.shape
    C, columns = C * stride, -(-K // stride)
    m, T = OUTPUTS[columns], tiles(columns, OW)
    V = transforms.rows_at_points(device, x, columns, stride, before, OW).reshape(6, H * C, T * N)
    chunk = transforms.chunk_of(T * N)

    def work(start: int, stop: int) -> np.ndarray:
        total = np.zeros((6, K * C, O), x.dtype)
        product = np.empty((K * C, O), x.dtype)
        at_points = device.empty((6, O, T, N), x.dtype)
        padded = np.zeros((chunk, m * T, N), x.dtype)
        scratch = device.empty((3, chunk, T, N), x.dtype)
        for h in range(start, stop):
            transforms.row_at_points(dy[h], m, at_points, padded, scratch)
            top, bottom, r0 = kernel_rows(h, stride, before, K, H)
            part = product[: (bottom - top) * C]
            for p in range(6):
                rows = V[p, (r0 + top) * C : (r0 + bottom) * C]
                np.matmul(rows, at_points[p].reshape(O, T * N).T, out=part)
                total[p, top * C : bottom * C] += part
        return total

    total = ordered_sum(device, work, OH)
    return transforms.kernel_from_points(total, (O, C, K, columns), stride)


def kernel_rows(h: int, stride: int, before: int, K: int, H: int) -> tuple[int, int, int]:
    """Return first and end of the kernel's rows on the map for row h of y (an empty range if all are outside), and r0.

    r0 is the row of x under the kernel's first row; it may be negative.
    """
    r0 = h * stride - before
    top = min(K, max(0, -r0))
    return top, max(top, min(K, H - r0)), r0

"""Convolution with a ring of unfolded rows, for strides above 1 and for few channels.

Each row of x is unfolded along W once, (C, K, OW, N), and put into a ring of K such rows. The ring is then the matrix
of columns of one row of y, and the next row of y replaces only `stride` rows of it. The rows lie in the ring in the
order r mod K, so the kernel's rows are rotated to match: a slice of a kernel that is written out twice.

    ring, K = 3      [ r=3 | r=4 | r=2 ]      first row under the kernel r0 = 2: kernel rows 1, 2, 0
    kernel twice     [ 0 1 2 0 1 2 ]          the slice from (-r0) mod K = 1

Measured: conv1 of the 80sec net 15 and 11 ms forward and backward in the textbook, 7 and 6 here; no column of the whole
batch is kept.
"""

from collections.abc import Iterator

import numpy as np

from minialex.devices import Device
from minialex.fast.reduction import ordered_sum


def columns(device: Device, x, K: int, stride: int, before: int, OW: int, start: int, stop: int) -> Iterator:
    """Yield for rows start..stop of y: the index, the columns (K*C*K, OW*N), the first row of the doubled kernel."""
    H, C, width, N = x.shape
    ring = device.empty((K, C, K, OW, N), x.dtype)
    ring[...] = 0  # left and right of the map it stays zero
    spans = [span(j, stride, before, width, OW) for j in range(K)]
    behind = start * stride - before  # rows before this one are in the ring, or no longer needed
    for oh in range(start, stop):
        r0 = oh * stride - before
        for r in range(max(r0, behind), r0 + K):
            if 0 <= r < H:
                for j, (left, right, first) in enumerate(spans):
                    row = x[r, :, first : first + stride * (right - left) : stride]
                    ring[r % K, :, j, left:right] = row[:, : right - left]
            else:
                ring[r % K] = 0
        behind = r0 + K
        yield oh, ring.reshape(K * C * K, OW * N), -r0 % K


def span(j: int, stride: int, before: int, width: int, OW: int) -> tuple[int, int, int]:
    """Return the range of the output row where kernel column j lies on the map, and the column of x under its start."""
    left = max(0, -((j - before) // stride))
    right = min(OW, (width - 1 + before - j) // stride + 1)
    return left, max(left, right), left * stride + j - before


def correlate(device: Device, x, W, stride: int, before: int, y, bias) -> None:
    """Correlate x with W into y, as in `windows.py`, with windows `stride` apart."""
    O, C, K, _ = W.shape
    OH, _, OW, N = y.shape
    kernel = W.transpose(0, 2, 1, 3).reshape(O, K * C * K)  # (o, i, c, j)
    twice = np.concat([kernel, kernel], axis=1)

    def work(start: int, stop: int) -> None:
        for oh, cols, first in columns(device, x, K, stride, before, OW, start, stop):
            row = y[oh].reshape(O, OW * N)
            np.matmul(twice[:, first * C * K : (first + K) * C * K], cols, out=row)
            row += bias[:, None]

    device.share(work, OH)


def weight_gradient(device: Device, x, dy, K: int, stride: int, before: int) -> np.ndarray:
    """Return dW (O, C, K, K): the columns of each row once more, times that row of dy."""
    C = x.shape[1]
    OH, O, OW, N = dy.shape

    def work(start: int, stop: int) -> np.ndarray:
        total = np.zeros((K, C * K, O), x.dtype)
        product = np.empty((K, C * K, O), x.dtype)
        for oh, cols, first in columns(device, x, K, stride, before, OW, start, stop):
            np.matmul(cols, dy[oh].reshape(O, OW * N).T, out=product.reshape(K * C * K, O))
            total[first:] += product[: K - first]
            total[:first] += product[K - first :]
        return total

    total = ordered_sum(device, work, OH)
    return np.ascontiguousarray(total.reshape(K, C, K, O).transpose(3, 1, 0, 2))


def input_gradient(device: Device, dy, W, stride: int, before: int, dx) -> None:
    """Write dx (H, C, W, N): the gradient of each row's columns, W.T @ dy, added back; shared out by channels."""
    O, C, K, _ = W.shape
    OH, _, OW, N = dy.shape
    H, _, width, _ = dx.shape

    def work(start: int, stop: int) -> None:
        kernel = np.ascontiguousarray(W[:, start:stop].transpose(2, 1, 3, 0)).reshape(-1, O)  # (i, c, j) by o
        dcols = device.empty((K, stop - start, K, OW, N), dx.dtype)
        dx[:, start:stop] = 0
        for oh in range(OH):
            np.matmul(kernel, dy[oh].reshape(O, OW * N), out=dcols.reshape(-1, OW * N))
            for i in range(K):
                r = oh * stride + i - before
                for j in range(K) if 0 <= r < H else ():
                    left, right, first = span(j, stride, before, width, OW)
                    at = dx[r, start:stop, first : first + stride * (right - left) : stride][:, : right - left]
                    at += dcols[i, :, j, left:right]

    device.share(work, C)

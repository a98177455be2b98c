"""Convolution without columns: products of rows that are unfolded along the width only.

im2col writes each element of x up to K*K times. Here each row is unfolded along W, K times the map instead of K*K; then
the K rows under a row of y lie one after the other in memory, and are the matrix of columns already:

    u = unfold(x)             (groups, rows, C, K, OW, N)         a kernel
    cols[oh]                  rows stride*oh .. stride*oh + K-1 of u, as (K*C*K, OW*N)       no copy: they overlap

    y[oh]  = W @ cols[oh] + b         W as (O, K*C*K), one and the same for all rows of y
    dW     = sum over oh of dy[oh] @ cols[oh].T
    dcols  = W.T @ dy[oh], added to the rows of du under row oh; dx = fold(du)

With stride 1, dx is a convolution itself, of dy by the kernel flipped, its inputs and outputs exchanged: K*K terms
are added in one product, and nothing is written that has to be read and added to again.

All rows of y are one call of cuBLAS. Rows have OW * N elements, 7040 in conv1 of the paper's net at batch 128.
"""

from typing import Any

from minialex.cuda.launch import launch
from minialex.devices import Device


def unfold(device: Device, x: Any, K: int, stride: int, pad: tuple, groups: int, OW: int) -> Any:
    """Return x (H, C, W, N), of any strides, unfolded along W: (groups, before + H + after, C/groups, K, OW, N)."""
    H, C, W, N = x.shape
    rows, per_group = H + sum(pad), C // groups
    u = device.empty((groups, rows, per_group, K, OW, N), x.dtype)
    strides = (stride_in_bytes // x.itemsize for stride_in_bytes in x.strides)
    sizes = (H, W, N, OW, K, stride, pad[0], rows, per_group)
    launch(device, "unfold", (rows, C * K, OW * N), x, u, *sizes, *strides)
    return u


def rows_under_kernel(xp: Any, u: Any, OH: int, K: int, stride: int) -> Any:
    """Return for each row of y the K rows of u (rows, C, K, OW, N) under it: (OH, K*C*K, OW*N), a view."""
    _, C, _, OW, N = u.shape
    strides = (stride * u.strides[0], OW * N * u.itemsize, u.itemsize)
    return xp.lib.stride_tricks.as_strided(u, (OH, K * C * K, OW * N), strides)


def as_matrices(xp: Any, y: Any) -> Any:
    """Return maps (OH, O, OW, N), perhaps a group's part of them, as (OH, O, OW*N), a view."""
    OH, O, OW, N = y.shape
    return xp.lib.stride_tricks.as_strided(y, (OH, O, OW * N), (*y.strides[:2], y.itemsize))


def for_all(xp: Any, matrix: Any, n: int) -> Any:
    """Return one matrix as n of them, a view."""
    return xp.lib.stride_tricks.as_strided(matrix, (n, *matrix.shape), (0, *matrix.strides))


def by_rows_of_kernel(W: Any) -> Any:
    """Return W (O, C, K, K) as (O, K*C*K), ordered as the rows under the kernel are: by row, channel, column."""
    return W.transpose(0, 2, 1, 3).reshape(len(W), -1)

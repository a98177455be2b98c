"""The transforms of minimal filtering (see `winograd.py`): kernels, rows of x and rows of y, to the points and back."""

import numpy as np

from minialex.devices import Device
from minialex.fast.polynomials import SCALE, collect, evaluate, interpolate

OUTPUTS = {3: 4, 5: 2}  # m by K: so that m + K - 1 = 6
PIECE = 2**17  # elements of one point in a chunk: a larger one leaves the cache, in smaller ones Python costs too much


def tiles(columns: int, OW: int) -> int:
    """Return the number of tiles, of m outputs each, of a row of y."""
    return -(-OW // OUTPUTS[columns])


def chunk_of(elements: int) -> int:
    """Return how many channels or kernels, of so many elements each, make a chunk that stays in the cache."""
    return max(1, PIECE // elements)


# -- windows that are apart: every stride-th column of x is a channel of its own -------------------------------------


def phases(W, stride: int) -> np.ndarray:
    """Return the kernel (O, C, K, K) for channels that are phases: (O, C*stride, K, K / stride rounded up)."""
    O, C, K, _ = W.shape
    columns = -(-K // stride)
    filled = np.zeros((O, C, K, columns * stride), W.dtype)
    filled[..., :K] = W
    return filled.reshape(O, C, K, columns, stride).transpose(0, 1, 4, 2, 3).reshape(O, C * stride, K, columns)


def phases_transposed(dW, stride: int) -> np.ndarray:
    """Return dW (O, C, K, K) of the kernel from that of its phases: the transpose of `phases`."""
    O, C, K, columns = dW.shape
    apart = dW.reshape(O, C // stride, stride, K, columns).transpose(0, 1, 3, 4, 2)
    return np.ascontiguousarray(apart.reshape(O, C // stride, K, columns * stride)[..., :K])


# -- arrays at the six points, a chunk of channels or kernels at a time ----------------------------------------------


def kernel_at_points(device: Device, W) -> np.ndarray:
    """Return U (6, O, K*C): the kernel's rows evaluated at the points, scaled."""
    O, C, K, _ = W.shape
    U = device.empty((6, O, K, C), W.dtype)

    def work(start: int, stop: int) -> None:
        columns = np.ascontiguousarray(W[start:stop].transpose(3, 0, 2, 1))
        evaluate(list(columns), U[:, start:stop], np.empty((3, *columns.shape[1:]), W.dtype))
        for at_point, scale in zip(U[:, start:stop], SCALE, strict=True):
            at_point *= scale

    device.share(work, O)
    return U.reshape(6, O, K * C)


def kernel_from_points(products, shape: tuple, stride: int) -> np.ndarray:
    """Return dW from products (6, K*C, O), which are overwritten: the transpose of `phases` and `kernel_at_points`."""
    O, C, K, columns = shape
    products *= np.array(SCALE, products.dtype)[:, None, None]
    dW = np.empty(shape, products.dtype)
    for j, column in collect(products, columns, np.empty_like(products[0])):
        dW[..., j] = column.reshape(K, C, O).transpose(2, 1, 0)
    return phases_transposed(dW, stride)


def rows_at_points(device: Device, x, columns: int, stride: int, before: int, OW: int) -> np.ndarray:
    """Return V (6, H, C*stride, T, N): the rows of x, padded, in phases and interpolated."""
    H, C, _, N = x.shape
    m, T = OUTPUTS[columns], tiles(columns, OW)
    length = m * T + columns - 1
    V = device.empty((6, H, C * stride, T, N), x.dtype)
    chunk = chunk_of(T * N * stride)

    def work(start: int, stop: int) -> None:
        padded = np.zeros((chunk, stride, length, N), x.dtype)
        scratch = device.empty((2, chunk * stride, T, N), x.dtype)
        for h in range(start, stop):
            for c in range(0, C, chunk):
                channels = slice(c, min(c + chunk, C))
                count = channels.stop - c
                for f in range(stride):  # the columns f, f + stride, ... of the padded row
                    left = max(0, -((f - before) // stride))  # the first of them that is on the map
                    phase = x[h, channels, left * stride + f - before :: stride][:, : length - left]
                    padded[:count, f, left : left + phase.shape[1]] = phase
                row = padded[:count].reshape(count * stride, length, N)
                six = [row[:, k : k + m * (T - 1) + 1 : m] for k in range(6)]
                interpolate(six, V[:, h, c * stride : channels.stop * stride], scratch[:, : count * stride])

    device.share(work, H)
    return V


def row_at_points(row, m: int, out, padded, scratch) -> None:
    """Evaluate a row of dy (O, OW, N), polynomials of m coefficients, into out (6, O, T, N), len(padded) at a time."""
    for o in range(0, len(row), len(padded)):
        kernels = slice(o, min(o + len(padded), len(row)))
        part = padded[: kernels.stop - o]
        part[:, : row.shape[1]] = row[kernels]
        evaluate([part[:, i::m] for i in range(m)], out[:, kernels], scratch[:, : kernels.stop - o])


def row_from_points(products, bias, m: int, row, scratch) -> None:
    """Write a row of y (O, OW, N) from products (6, O, T, N), which are overwritten; len(scratch) at a time."""
    for o in range(0, len(row), len(scratch)):
        kernels = slice(o, o + len(scratch))
        for i, result in collect(products[:, kernels], m, scratch):
            outputs = row[kernels, i::m]
            np.add(result[:, : outputs.shape[1]], bias[kernels, None, None], out=outputs)

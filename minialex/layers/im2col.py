"""im2col: the windows of an image as the columns of a matrix, so that a convolution is a matrix product.

    x (C, N, H, W)                          cols (C*K*K, N*OH*OW)
    +---------+                             one column for each window, one row for each tap (c, i, j):
    | [a b] c |    K = 2, stride 1          a b d e
    | [d e] f |   ------------------->      b c e f
    |  g h  i |                             d e g h
    +---------+                             e f h i

Row (i, j) of all windows together is one strided slice of x: nothing is gathered element by element.
"""

from collections.abc import Iterator

SWAP_N_C = (1, 0, 2, 3)  # (N, C, H, W) -> (C, N, H, W), and back


def pad_maps(xp, x, before: int, after: int, fill: float = 0.0):
    """Return `x` with `before` rows and columns of `fill` at the top and left, `after` at the bottom and right."""
    if before == after == 0:
        return x
    *leading, H, W = x.shape
    padded = xp.full((*leading, before + H + after, before + W + after), fill, dtype=x.dtype)
    padded[..., before : before + H, before : before + W] = x
    return padded


def taps(x, kernel: int, stride: int, OH: int, OW: int) -> Iterator:
    """Yield for each of the kernel's K*K taps, row by row, the view (..., OH, OW) of x (..., H, W) that it reads."""
    for i in range(kernel):
        for j in range(kernel):
            yield x[..., i : i + stride * (OH - 1) + 1 : stride, j : j + stride * (OW - 1) + 1 : stride]


def im2col(xp, x, kernel: int, stride: int, OH: int, OW: int):
    """Return the columns (C*K*K, N*OH*OW) of the padded x (C, N, H, W)."""
    cols = xp.stack(list(taps(x, kernel, stride, OH, OW)), axis=1)  # (C, K*K, N, OH, OW)
    C, KK, N, _, _ = cols.shape
    return xp.reshape(cols, (C * KK, N * OH * OW))


def col2im(xp, cols, shape: tuple, kernel: int, stride: int, OH: int, OW: int):
    """Add each column back to the window that it came from: the transpose of im2col."""
    C, N, _, _ = shape
    cols = xp.reshape(cols, (C, kernel * kernel, N, OH, OW))
    x = xp.zeros(shape, dtype=cols.dtype)
    for tap, view in enumerate(taps(x, kernel, stride, OH, OW)):
        view += cols[:, tap, ...]
    return x

"""The layers as loops over every index: slow, and plain enough to be checked by reading.

The tests compare the library with these functions, which import nothing of it.
"""

import math

import numpy as np


def conv2d(x, W, b, *, stride=1, pad=0, groups=1):
    before, after = (pad, pad) if isinstance(pad, int) else pad
    N, C, height, width = x.shape
    C_out, C_group, K, _ = W.shape  # a kernel reads C_group = C / groups channels
    padded = np.zeros((N, C, before + height + after, before + width + after))
    padded[:, :, before : before + height, before : before + width] = x

    OH, OW = (1 + (size + before + after - K) // stride for size in (height, width))
    y = np.zeros((N, C_out, OH, OW))
    for n, out, i, j in np.ndindex(y.shape):
        first = out // (C_out // groups) * C_group  # first input channel of this kernel's group
        y[n, out, i, j] = b[out]
        for c, u, v in np.ndindex(C_group, K, K):
            y[n, out, i, j] += W[out, c, u, v] * padded[n, first + c, i * stride + u, j * stride + v]
    return y


def pool(reduce, x, kernel=3, stride=2, *, ceil=False):
    """Apply `reduce` (np.max, np.mean) to each window, clipped where the image ends."""
    N, C, height, width = x.shape
    rows, columns = (starts(size, kernel, stride, ceil) for size in (height, width))
    y = np.zeros((N, C, len(rows), len(columns)))
    for n, c, i, j in np.ndindex(y.shape):
        top, left = rows[i], columns[j]
        y[n, c, i, j] = reduce(x[n, c, top : min(top + kernel, height), left : min(left + kernel, width)])
    return y


def starts(size, kernel, stride, ceil):
    """Return where the windows begin: all that fit; with ceil, one more if pixels are left over, beginning on one."""
    begins = range(0, size, stride)
    if ceil:
        return [start for start in begins if start == 0 or start - stride + kernel < size]
    return [start for start in begins if start + kernel <= size]


def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75, *, average=False, across="channels", groups=1):
    _, C, height, width = x.shape
    if average:
        alpha = alpha / (n if across == "channels" else n * n)
    y = np.zeros(x.shape)
    for image, c, i, j in np.ndindex(x.shape):
        total = 0.0
        for step in range(-(n // 2), n // 2 + 1):
            if across == "channels":
                neighbour = c + step
                if 0 <= neighbour < C and neighbour // (C // groups) == c // (C // groups):
                    total += x[image, neighbour, i, j] ** 2
            else:
                for sidestep in range(-(n // 2), n // 2 + 1):
                    if 0 <= i + step < height and 0 <= j + sidestep < width:
                        total += x[image, c, i + step, j + sidestep] ** 2
        y[image, c, i, j] = x[image, c, i, j] / (k + alpha * total) ** beta
    return y


def dense(x, W, b):
    y = np.zeros((len(x), len(W)))
    for n, out in np.ndindex(y.shape):
        y[n, out] = b[out] + sum(W[out, f] * x[n, f] for f in range(x.shape[1]))
    return y


def flatten(x):
    return np.array([[image[index] for index in np.ndindex(image.shape)] for image in x])


def each(function, x):
    """Apply `function` to every element."""
    y = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        y[index] = function(x[index])
    return y


def relu(x):
    return each(lambda value: max(value, 0.0), x)


def tanh(x):
    return each(math.tanh, x)


def sigmoid(x):
    return each(lambda value: 1 / (1 + math.exp(-value)), x)


def softmax(x):
    """Normalize exp(x) over axis 1; for small x only, since nothing is subtracted before exp."""
    y = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        n, _, *pixel = index
        y[index] = math.exp(x[index]) / sum(math.exp(x[n, c, *pixel]) for c in range(x.shape[1]))
    return y


def cross_entropy(logits, labels):
    """Return the mean over the batch of -log(probability of the label)."""
    probabilities = softmax(logits)
    return sum(-math.log(probabilities[n, label]) for n, label in enumerate(labels)) / len(labels)


def batch_norm(x, W, b, *, eps=1e-5, scale=True):
    y = np.zeros(x.shape)
    W = W if scale else [1.0] * x.shape[1]
    for c in range(x.shape[1]):
        values = list(x[:, c].flat)
        mean = sum(values) / len(values)
        var = sum((value - mean) ** 2 for value in values) / len(values)
        y[:, c] = each(lambda value: W[c] * (value - mean) / math.sqrt(var + eps) + b[c], x[:, c])  # noqa: B023
    return y


def local2d(x, W, b, C, C_out, K, side, *, pad=0):
    """Give each window kernels of its own: the rows of W are the windows, row by row."""
    padded = np.zeros((len(x), C, pad + side + pad, pad + side + pad))
    padded[:, :, pad : pad + side, pad : pad + side] = x
    S = side + 2 * pad - K + 1
    W = W.reshape(S, S, C_out, C, K, K)
    y = np.zeros((len(x), C_out, S, S))
    for n, out, h, w in np.ndindex(y.shape):
        y[n, out, h, w] = b[out, h, w]
        for c, i, j in np.ndindex(C, K, K):
            y[n, out, h, w] += W[h, w, out, c, i, j] * padded[n, c, h + i, w + j]
    return y

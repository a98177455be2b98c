"""Answers to the exercises of notebook 5: ones that look right at first, and right ones."""

WRONG = (
    "input_of_the_largest_output = (2 / 0.0001) ** 0.5",
    """def lrn(a, n, k, alpha, beta):
    b = np.empty_like(a)
    for i in range(a.shape[1]):
        window = a[:, max(0, i - n // 2) : i + n // 2]
        b[:, i] = a[:, i] / (k + alpha * np.sum(window**2, axis=1)) ** beta
    return b""",
    """def max_pool(x, side, stride):
    H, W = x.shape
    y = np.empty((H // stride, W // stride))
    for i, j in np.ndindex(y.shape):
        y[i, j] = x[i * stride : i * stride + side, j * stride : j * stride + side].max()
    return y""",
    """def max_pool_backward(dy, x):
    dx = np.zeros_like(x)
    for i, j in np.ndindex(dy.shape):
        row, column = divmod(int(np.argmax(x[i : i + 2, j : j + 2])), 2)
        dx[i + row, j + column] = dy[i, j]
    return dx""",
)
RIGHT = (
    "input_of_the_largest_output = (2 / (0.0001 * (2 * 0.75 - 1))) ** 0.5",
    """def lrn(a, n, k, alpha, beta):
    b = np.empty_like(a)
    for i in range(a.shape[1]):
        window = a[:, max(0, i - n // 2) : i + n // 2 + 1]
        b[:, i] = a[:, i] / (k + alpha * np.sum(window**2, axis=1)) ** beta
    return b""",
    """def max_pool(x, side, stride):
    H, W = x.shape
    y = np.empty((1 + (H - side) // stride, 1 + (W - side) // stride))
    for i, j in np.ndindex(y.shape):
        y[i, j] = x[i * stride : i * stride + side, j * stride : j * stride + side].max()
    return y""",
    """def max_pool_backward(dy, x):
    dx = np.zeros_like(x)
    for i, j in np.ndindex(dy.shape):
        row, column = divmod(int(np.argmax(x[i : i + 2, j : j + 2])), 2)
        dx[i + row, j + column] += dy[i, j]
    return dx""",
)

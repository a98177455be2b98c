"""Answers to the exercises of notebook 14: ones that look right at first, and right ones."""

WRONG = (
    """def normalized(x, eps=1e-5):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)""",
    """def factor(step, steps):
    top = steps // 4
    return 0.1 + 0.9 * step / top if step < top else 1 - (step - top) / (steps - top)""",
    """def orthogonal(G):
    X = G / np.sqrt(np.sum(G * G))
    for _ in range(30):
        X = 1.5 * X - 0.5 * X * X * X
    return X""",
    'mine = ({"He", "one-cycle", "Nesterov"}, 0.02)',
)
RIGHT = (
    """def normalized(x, eps=1e-5):
    mean, var = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return (x - mean) / np.sqrt(var + eps)""",
    """def factor(step, steps):
    return np.interp(step, [0, 0.25 * (steps - 1), steps - 1], [0.1, 1, 0])""",
    """def orthogonal(G):
    X = G / np.sqrt(np.sum(G * G))
    for _ in range(30):
        X = 1.5 * X - 0.5 * X @ X.T @ X
    return X""",
    'mine = ({"He", "one-cycle", "Muon"}, 0.1)',
)

"""Answers to the exercises of notebook 12: ones that look right at first, and right ones."""

WRONG = (
    "learning = 32 * (24 * 3 * 3 + 1) + 64 * 3 + 3",
    """def gradients(W, b, x, labels):
    z = x @ W.T + b
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p.T @ x, p.sum(axis=0)""",
    """def in_val(series, share, rng):
    return rng.random(len(series)) < share""",
)
RIGHT = (
    "learning = 32 * (24 * 3 * 3 + 1) + 64 * (32 * 4 * 4 + 1) + 3 * (64 + 1)",
    """def gradients(W, b, x, labels):
    z = x @ W.T + b
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    dz = p / len(labels)
    return dz.T @ x, dz.sum(axis=0)""",
    """def in_val(series, share, rng):
    all_series = np.unique(series)
    chosen = rng.choice(all_series, size=round(share * len(all_series)), replace=False)
    return np.isin(series, chosen)""",
)

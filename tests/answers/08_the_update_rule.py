"""Answers to the exercises of notebook 8: ones that look right at first, and right ones."""

WRONG = (
    "steps = 40 * 50_000 // 128",
    """def step(w, v, gradient, lr, momentum, decay):
    v = momentum * v - lr * gradient
    return w + v - lr * decay * w, v""",
    """def factor(errors, patience):
    best = errors.index(min(errors)) if errors else 0
    return 0.1 ** ((len(errors) - 1 - best) // patience) if errors else 1""",
    "rate_and_momentum = (0.1, 0.9)",
)
RIGHT = (
    "steps = 40 * 391",
    """def step(w, v, gradient, lr, momentum, decay):
    v = momentum * v - decay * lr * w - lr * gradient
    return w + v, v""",
    """def factor(errors, patience):
    best, waited, divisions = float("inf"), 0, 0
    for error in errors:
        waited = 0 if error < best else waited + 1
        best = min(best, error)
        if waited == patience:
            waited, divisions = 0, divisions + 1
    return 0.1**divisions""",
    "rate_and_momentum = (0.1, 0.4)",
)

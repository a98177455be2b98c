"""Answers to the exercises of notebook 2: ones that look right at first, and right ones."""

WRONG = (
    "parameters = 145_578 * 4",
    """def step(w, v, gradient):
    v = 0.9 * v - 0.01 * gradient
    return w + v, v""",
    """def grey(images):
    return images[:, :1].repeat(3, axis=1)""",
)
RIGHT = (
    "parameters = 145_578 + 64 * 64 * (8 * 8 - 4 * 4)",
    """def step(w, v, gradient):
    v = 0.9 * v - 0.0005 * 0.01 * w - 0.01 * gradient
    return w + v, v""",
    """def grey(images):
    return images.mean(axis=1, keepdims=True).repeat(3, axis=1).astype('uint8')""",
)

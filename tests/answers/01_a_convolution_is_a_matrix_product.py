"""Answers to the exercises of notebook 1: ones that look right at first, and right ones."""

WRONG = (
    "multiplications = 96 * 11 * 11 * 55 * 55",
    """def padded(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='edge')""",
    "colour_kernel = conv.params['W'][:1].repeat(3, axis=1)",
)
RIGHT = (
    "multiplications = 96 * 11 * 11 * 3 * 55 * 55",
    """def padded(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))""",
    "colour_kernel = conv.params['W'][:1] * np.array([1, 0, -1]).reshape(1, 3, 1, 1)",
)

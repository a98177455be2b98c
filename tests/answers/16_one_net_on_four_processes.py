"""Answers to the exercises of notebook 16: ones that look right at first, and right ones."""

WRONG = (
    """def combine(gradients, sizes):
    return sum(gradients) / len(gradients)""",
    'hanging = {"A"}',
    "images = parameters // (1024 + 256 + 256)",
)
RIGHT = (
    """def combine(gradients, sizes):
    return sum(size * gradient for size, gradient in zip(sizes, gradients)) / sum(sizes)""",
    'hanging = {"C", "A"}',
    "images = int(2 * (1025 * 256 + 257 * 256 + 257 * 10) / (2 * (1024 + 256) + 256))",
)

"""Answers to the exercises of notebook 15: ones that look right at first, and right ones."""

WRONG = (
    'verdicts = "TTTTFTTFTFFFTT"',
    """def commute(first, second, x):
    return second(first(x)).shape == first(second(x)).shape""",
    "alpha_and_k = (0.0001, 2)",
    """def parameters_of(reads, kernels, side):
    return reads * side**2 + reads * kernels + kernels""",
)
RIGHT = (
    'verdicts = "TFFTFTTFTFFFFT"',
    """def commute(first, second, x):
    return np.allclose(second(first(x)), first(second(x)))""",
    "alpha_and_k = (0.0005, 2)",
    """def parameters_of(reads, kernels, side):
    return reads * (side**2 + 1) + kernels * (reads + 1)""",
)

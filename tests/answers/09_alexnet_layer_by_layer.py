"""Answers to the exercises of notebook 9: ones that look right at first, and right ones."""

WRONG = (
    "without_groups = sum(kernels * (side * side * 2 * reads + 1) for layer, kernels, side, reads, out in FIGURE_2)",
    """def fc6_side(size):
    side = (size - 11) // 4 + 1
    for _ in range(3):
        side = (side - 3) // 2 + 1
    return side""",
    "share_of_peak = 3 * sum(multiply_adds.values()) * 1.2e6 * 90 / (3.16e12 * 5.5 * 24 * 3600)",
)
RIGHT = (
    """all_channels = {"conv2": 96, "conv4": 384, "conv5": 384}
without_groups = sum(
    kernels * (side * side * all_channels.get(layer, reads) + 1) for layer, kernels, side, reads, out in FIGURE_2
)""",
    """def fc6_side(size):
    side = 1 + -(-(size - 11) // 4)
    for _ in range(3):
        side = (side - 3) // 2 + 1
    return side""",
    """operations = 3 * 2 * 724e6 * 1.2e6 * 90
share_of_peak = operations / (3.16e12 * 5.5 * 24 * 3600)""",
)

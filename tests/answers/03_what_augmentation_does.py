"""Answers to the exercises of notebook 3: ones that look right at first, and right ones."""

WRONG = (
    "inputs = 4 * 4 * 2",
    """def source_colour(x, a):
    return x + (a * values**0.5 @ P.T)[:, :, None, None] / 1.1""",
    """class UpsideDown(AugmentationStep):
    def apply(self, x, rows):
        return x[:, :, ::-1]""",
)
RIGHT = (
    "inputs = 5 * 5 * 2",
    """def source_colour(x, a):
    return (x + (a * values**0.5 @ P.T)[:, :, None, None]) / 1.1""",
    """class UpsideDown(AugmentationStep):
    def apply(self, x, rows):
        return np.where(rows[:, 0, None, None, None] < 0.5, x[:, :, ::-1], x)""",
)

"""Answers to the exercises of notebook 4: ones that look right at first, and right ones."""

WRONG = (
    "layers_of_sigmoids = 9",
    """class MyLeakyReLU(Layer):
    def forward(self, x):
        self.remember(x)
        return np.where(x > 0, x, 0.01 * x)

    def backward(self, dy):
        return np.where(self.recall() > 0, dy, 0)""",
    """def matrix_at(x, weights):
    M = np.eye(len(x))
    for W in weights:
        M = W @ M
    return M""",
)
RIGHT = (
    "layers_of_sigmoids = 10",
    """class MyLeakyReLU(Layer):
    def forward(self, x):
        self.remember(x > 0)
        return np.where(x > 0, x, 0.01 * x)

    def backward(self, dy):
        return np.where(self.recall(), dy, 0.01 * dy)""",
    """def matrix_at(x, weights):
    M = np.eye(len(x))
    for W in weights[:-1]:
        M = W @ M
        M = np.where((M @ x > 0)[:, None], M, 0)
    return weights[-1] @ M""",
)

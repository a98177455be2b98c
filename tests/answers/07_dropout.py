"""Answers to the exercises of notebook 7: ones that look right at first, and right ones."""

WRONG = (
    "p, factor = 0.8, 0.2",
    """class MyDropout(Layer):
    def __init__(self, p, *, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        if not self.training:
            self.remember(np.ones_like(x))
            return x * (1 - self.p)
        mask = self.rng.random(x.shape) >= self.p
        self.remember(mask)
        return x * mask

    def backward(self, dy):
        return dy * self.recall()""",
    """def mean_prediction(h, W2, b2, masks, rng):
    mask = rng.random((masks, len(h))) >= 0.5
    return softmax(np, ((h * mask) @ W2.T + b2).mean(axis=0, keepdims=True))[0]""",
)
RIGHT = (
    "p, factor = 0.2, 0.8",
    """class MyDropout(Layer):
    def __init__(self, p, *, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        mask = np.ones(x.shape)
        if self.training:
            mask = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        self.remember(mask)
        return x * mask

    def backward(self, dy):
        return dy * self.recall()""",
    """def mean_prediction(h, W2, b2, masks, rng):
    mask = rng.random((masks, len(h))) >= 0.5
    return softmax(np, (h * mask) @ W2.T + b2).mean(axis=0)""",
)

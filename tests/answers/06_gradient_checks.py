"""Answers to the exercises of notebook 6: ones that look right at first, and right ones."""

WRONG = (
    """class MendedShift(Shift):
    def backward(self, dy):
        return dy[:, ::-1].copy()""",
    """class MendedSoftSign(SoftSign):
    def forward(self, x):
        self.remember(x)
        return x / (1 + np.abs(x))

    def backward(self, dy):
        return dy / (1 + np.abs(self.recall()))""",
    """class MendedNeighbours(Neighbours):
    def backward(self, dy):
        return np.pad(dy, ((0, 0), (0, 1)))""",
    """class MendedTranspose(Transpose):
    def forward(self, x):
        return x.copy()

    def backward(self, dy):
        return dy.copy()""",
    """class MendedChannelBias(ChannelBias):
    def backward(self, dy):
        self.grads["b"] = dy.mean(axis=(0, 2, 3))
        return dy.copy()""",
    """class MendedNoise(Noise):
    def backward(self, dy):
        return dy.copy()""",
    """class MendedMapMean(MapMean):
    def backward(self, dy):
        N, C, H, W = self.recall()
        return np.broadcast_to(dy[:, :, None, None] / (C * H * W), (N, C, H, W)).copy()""",
    """class MendedTied(Tied):
    def backward(self, dy):
        x, h = self.recall()
        dh = dy @ self.params["W"].T
        self.grads["W"] = dh.T @ x
        return dh @ self.params["W"]""",
    """class MendedSoftmaxAlone(SoftmaxAlone):
    def backward(self, dy):
        y = self.recall()
        return y * (dy - np.sum(dy, axis=1, keepdims=True))""",
    """class MendedNormalize(Normalize):
    def backward(self, dy):
        x, s = self.recall()
        return dy / s - dy * x * x / s**3""",
)
RIGHT = (
    """class MendedShift(Shift):
    def backward(self, dy):
        return np.roll(dy, -1, axis=1)""",
    """class MendedSoftSign(SoftSign):
    def forward(self, x):
        self.remember(x)
        return x / (1 + np.abs(x))

    def backward(self, dy):
        return dy / (1 + np.abs(self.recall())) ** 2""",
    """class MendedNeighbours(Neighbours):
    def backward(self, dy):
        dx = np.zeros((dy.shape[0], dy.shape[1] + 1))
        dx[:, :-1] += dy
        dx[:, 1:] += dy
        return dx""",
    """class MendedTranspose(Transpose):
    def backward(self, dy):
        return np.swapaxes(dy, 2, 3).copy()""",
    """class MendedChannelBias(ChannelBias):
    def backward(self, dy):
        self.grads["b"] = dy.sum(axis=(0, 2, 3))
        return dy.copy()""",
    """class MendedNoise(Noise):
    def forward(self, x):
        m = self.rng.uniform(0, 2, x.shape)
        self.remember(m)
        return x * m

    def backward(self, dy):
        return dy * self.recall()""",
    """class MendedMapMean(MapMean):
    def backward(self, dy):
        N, C, H, W = self.recall()
        return np.broadcast_to(dy[:, :, None, None] / (H * W), (N, C, H, W)).copy()""",
    """class MendedTied(Tied):
    def backward(self, dy):
        x, h = self.recall()
        dh = dy @ self.params["W"].T
        self.grads["W"] = dh.T @ x + h.T @ dy
        return dh @ self.params["W"]""",
    """class MendedSoftmaxAlone(SoftmaxAlone):
    def backward(self, dy):
        y = self.recall()
        return y * (dy - np.sum(dy * y, axis=1, keepdims=True))""",
    """class MendedNormalize(Normalize):
    def backward(self, dy):
        x, s = self.recall()
        return dy / s - x * np.sum(dy * x, axis=1, keepdims=True) / s**3""",
)

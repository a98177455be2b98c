"""Right solutions as students write them, with loops: mistakes are made in them for the tests of the hints."""

import re
from pathlib import Path

ASSIGNMENTS = Path(__file__).parents[2] / "notebooks" / "assignments"

BODIES = {  # of the assignment's methods, in their order in the file
    "relu": ["""
        self.remember(x)
        return np.maximum(x, 0)
""", """
        x = self.recall()
        return np.where(x > 0, dy, 0)
"""],
    "dense": ["""
        self.remember(x)
        return x @ self.params["W"].T + self.params["b"]
""", """
        x = self.recall()
        self.grads["W"] = dy.T @ x
        self.grads["b"] = dy.sum(axis=0)
        return dy @ self.params["W"]
"""],
    "softmax_loss": ["""
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        onehot = np.eye(logits.shape[1])[labels]
        self.remember(np.exp(log_p), onehot)
        return -np.sum(onehot * log_p) / len(labels)
""", """
        p, onehot = self.recall()
        return (p - onehot) / len(p)
"""],
    "conv": ["""
        C, H, W = shape
        F, K, S, P = len(self.params["b"]), self.kernel, self.stride, self.pad
        return F, 1 + (H + 2 * P - K) // S, 1 + (W + 2 * P - K) // S
""", """
        F, OH, OW = self.output_shape(x.shape[1:])
        K, S, P, G, C = self.kernel, self.stride, self.pad, self.groups, x.shape[1]
        W, b = self.params["W"], self.params["b"]
        padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        y = np.zeros((len(x), F, OH, OW), dtype=x.dtype)
        for g in range(G):
            cs, fs = slice(g * C // G, (g + 1) * C // G), slice(g * F // G, (g + 1) * F // G)
            for h in range(OH):
                for w in range(OW):
                    window = padded[:, None, cs, S * h : S * h + K, S * w : S * w + K]
                    y[:, fs, h, w] = (window * W[fs]).sum(axis=(2, 3, 4)) + b[fs]
        self.remember(padded)
        return y
""", """
        padded = self.recall()
        K, S, P, G = self.kernel, self.stride, self.pad, self.groups
        N, C, H, _ = padded.shape
        W, F = self.params["W"], dy.shape[1]
        dx, dW = np.zeros_like(padded), np.zeros_like(W)
        for g in range(G):
            cs, fs = slice(g * C // G, (g + 1) * C // G), slice(g * F // G, (g + 1) * F // G)
            for h in range(dy.shape[2]):
                for w in range(dy.shape[3]):
                    d = dy[:, fs, h, w][:, :, None, None, None]
                    rows, columns = slice(S * h, S * h + K), slice(S * w, S * w + K)
                    dW[fs] += (d * padded[:, None, cs, rows, columns]).sum(axis=0)
                    dx[:, cs, rows, columns] += (d * W[fs]).sum(axis=1)
        self.grads["W"], self.grads["b"] = dW, dy.sum(axis=(0, 2, 3))
        return dx[:, :, P : H - P, P : dx.shape[3] - P]
"""],
    "max_pool": ["""
        C, H, W = shape
        return C, 1 + (H - self.kernel) // self.stride, 1 + (W - self.kernel) // self.stride
""", """
        C, OH, OW = self.output_shape(x.shape[1:])
        K, S = self.kernel, self.stride
        y = np.zeros((len(x), C, OH, OW), dtype=x.dtype)
        for h in range(OH):
            for w in range(OW):
                y[:, :, h, w] = x[:, :, S * h : S * h + K, S * w : S * w + K].max(axis=(2, 3))
        self.remember(x)
        return y
""", """
        x = self.recall()
        K, S = self.kernel, self.stride
        dx = np.zeros_like(x)
        for n, c, h, w in np.ndindex(dy.shape):
            window = x[n, c, S * h : S * h + K, S * w : S * w + K]
            i, j = np.unravel_index(window.argmax(), window.shape)
            dx[n, c, S * h + i, S * w + j] += dy[n, c, h, w]
        return dx
"""],
    "lrn": ["""
        C, half = x.shape[1], self.n // 2
        scale = np.zeros_like(x)
        for i in range(C):
            window = range(max(0, i - half), min(C, i + half + 1))
            scale[:, i] = self.k + self.alpha * sum(x[:, j] ** 2 for j in window)
        self.remember(x, scale)
        return x / scale**self.beta
""", """
        a, scale = self.recall()
        C, half = a.shape[1], self.n // 2
        dx = dy / scale**self.beta
        for j in range(C):
            for i in range(max(0, j - half), min(C, j + half + 1)):
                inner = dy[:, i] * a[:, i] * scale[:, i] ** (-self.beta - 1)
                dx[:, j] -= 2 * self.alpha * self.beta * a[:, j] * inner
        return dx
"""],
    "dropout": ["""
        if self.training:
            mask = (self.rng.random(x.shape) >= self.p).astype(x.dtype)
        else:
            mask = np.array(1 - self.p)
        self.remember(mask)
        return x * mask
""", """
        return dy * self.recall()
"""],
    "update_rule": ["""
    v *= momentum
    v -= decay * lr * w
    v -= lr * gradient
    w += v
"""],
}  # fmt: skip


def solved(name: str) -> str:
    """Return the assignment's file with its methods filled in."""
    text = (ASSIGNMENTS / f"{name}.py").read_text()
    for body in BODIES[name]:
        text, n = re.subn(r"\n *raise NotImplementedError\n", lambda _, body=body: body, text, count=1)
        assert n == 1
    assert "NotImplementedError" not in text
    return text


def changed(name: str, *changes: tuple[str, str]) -> str:
    """Return a right solution with mistakes made in it."""
    text = solved(name)
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    return text

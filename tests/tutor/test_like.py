"""A layer beside ours: a wrong forward with its own backward is found."""

import pytest
from console import run

DENSE = """
import numpy as np
from minialex import Layer
class MyDense(Layer):
    def __init__(self, n, m, *, rng):
        super().__init__()
        self.params["W"] = rng.standard_normal((m, n))
        self.params["b"] = np.zeros(m)
    def output_shape(self, shape):
        return (len(self.params["b"]),)
    def forward(self, x):
        self.remember(x)
        return x @ self.params["W"].T + self.params["b"]
    def backward(self, dy):
        x = self.recall()
        self.grads["W"] = dy.T @ x
        self.grads["b"] = dy.sum(axis=0)
        return dy @ self.params["W"]
"""
POOL = """
import numpy as np
from minialex import Layer
class Mean(Layer):
    def __init__(self, kernel, stride):
        super().__init__()
        self.kernel, self.stride = kernel, stride
    def output_shape(self, shape):
        C, H, W = shape
        return C, 1 + (H - self.kernel) // self.stride, 1 + (W - self.kernel) // self.stride
    def forward(self, x):
        N, C, OH, OW = self.accept(x)
        K, S = self.kernel, self.stride
        self.remember(x.shape)
        y = np.zeros((N, C, OH, OW), dtype=x.dtype)
        for h in range(OH):
            for w in range(OW):
                y[:, :, h, w] = x[:, :, S * h : S * h + K, S * w : S * w + K].{mean}(axis=(2, 3))
        return y
    def backward(self, dy):
        dx = np.zeros(self.recall(dy), dtype=dy.dtype)
        K, S = self.kernel, self.stride
        for h in range(dy.shape[2]):
            for w in range(dy.shape[3]):
                dx[:, :, S * h : S * h + K, S * w : S * w + K] += dy[:, :, h, w][:, :, None, None] / {divisor}
        return dx
"""
LOSS = """
import numpy as np
from minialex import Layer
class Loss(Layer):
    def forward(self, logits, labels):
        e = np.exp(logits)
        p = e / e.sum(axis=1, keepdims=True)
        self.remember(p, np.eye(logits.shape[1])[labels])
        return -np.{mean}(np.log(p[np.arange(len(labels)), labels]))
    def backward(self):
        p, right = self.recall()
        return (p - right) / {divisor}
"""


@pytest.fixture
def beside(capsys, tmp_path):
    def check(text, kind):
        (tmp_path / "mine.py").write_text(text)
        return run(capsys, "gradcheck", tmp_path / "mine.py", "--like", kind)

    return check


def test_right_layers_are_like_ours(beside):
    status, out, _ = beside(DENSE, "Dense")
    assert status == 0
    assert "4 of 4 gradients and outputs are right" in out
    status, out, _ = beside(POOL.format(mean="mean", divisor="K**2"), "AvgPool")
    assert status == 0
    assert "AvgPool, ceil: not compared: Mean takes no ceil" in out
    assert "2 of 2 gradients and outputs are right" in out
    assert beside(LOSS.format(mean="mean", divisor="len(p)"), "SoftmaxCrossEntropy")[0] == 0


def test_a_wrong_forward_with_its_own_backward(beside):
    status, out, _ = beside(POOL.format(mean="sum", divisor="1"), "AvgPool")
    assert status == 1
    assert "9 times everywhere: not divided by K*K = 9, a sum instead of a mean?" in out
    assert "0 of 2 gradients and outputs are right, 2 WRONG" in out
    status, out, _ = beside(LOSS.format(mean="sum", divisor="1"), "SoftmaxCrossEntropy")
    assert (status, "3 times" in out) == (1, True)


def test_a_wrong_gradient(beside):
    status, out, _ = beside(DENSE.replace("dy.T @ x", "dy.T @ x / len(x)"), "Dense")
    assert status == 1
    assert "0.333333 times everywhere: divided by N = 3 once too often?" in out
    status, out, _ = beside(DENSE.replace('return dy @ self.params["W"]', "pass"), "Dense")
    assert (status, "backward returned None" in out) == (1, True)


def test_parameters_of_another_name_or_shape(beside):
    status, out, _ = beside(DENSE.replace('"b"', '"bias"'), "Dense")
    assert (status, 'expected params["b"] of shape (4,), got only W, bias' in out) == (1, True)
    text = DENSE.replace("(m, n)", "(n, m)").replace('["W"].T', '["W"]').replace("dy.T @ x", "x.T @ dy")
    status, out, _ = beside(text, "Dense")
    assert 'params["W"] of shape (4, 7), got with shape (7, 4): transposed?' in out
    assert (status, "mine.py:7, in __init__" in out) == (1, True)


def test_which_class_is_compared(beside):
    two = DENSE + "class Other(MyDense): pass\n"
    assert "MyDense like Dense" in beside(two, "Dense")[1]
    status, _, err = beside(two.replace("MyDense", "Mine"), "Dense")
    assert (status, "expected one Layer to compare with Dense, got Mine, Other; name it Dense" in err) == (1, True)


def test_nothing_compared_is_not_passing(beside):
    text = DENSE.replace("def __init__(self, n, m, *, rng)", "def __init__(self, p=0.5, *, rng)")
    text = text.replace("(m, n)", "(2, 2)").replace("np.zeros(m)", "np.zeros(2)")
    status, out, err = beside(text.replace("p=0.5, *, rng", "q=0.5, *, rng"), "LRN")
    assert status == 1
    assert "nothing was checked" in err or "WRONG" in out

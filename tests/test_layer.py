"""What a student's own layer meets first: remember and recall, with and without accept."""

import numpy as np
import pytest

from minialex import Layer, Sequential, check_gradients
from minialex.layers import Dense, ReLU


class Square(Layer):
    """A first layer of a student's: no accept, dy given to recall."""

    def forward(self, x):
        self.remember(x)
        return x * x

    def backward(self, dy):
        return 2 * self.recall(dy) * dy


class AcceptingSquare(Square):
    def forward(self, x):
        self.accept(x)
        return super().forward(x)


def test_recall_with_dy_works_without_accept():
    rng = np.random.default_rng(0)
    assert check_gradients(Square(), rng.standard_normal((2, 3)), rng=rng)["x"] < 1e-6


def test_with_accept_the_shape_of_dy_is_checked():
    layer = AcceptingSquare()
    layer.forward(np.ones((2, 3)))
    with pytest.raises(
        ValueError, match=r"Square: expected dy as y, float32 \(2, 3\), got float64 \(3, 2\); pass the gr"
    ):
        layer.backward(np.ones((3, 2)))


def test_what_was_remembered_is_recalled_once():
    layer = Square()
    layer.forward(np.ones((2, 3)))
    layer.backward(np.ones((2, 3)))
    with pytest.raises(RuntimeError, match="Square: backward came without a forward before it"):
        layer.backward(np.ones((2, 3)))


def test_parameters_come_with_full_names_their_layer_and_key():
    rng = np.random.default_rng(0)
    net = Sequential(a=Sequential(fc1=Dense(2, 3, rng=rng), relu1=ReLU()), fc2=Dense(3, 1, rng=rng))
    result = {name: (layer.name, key) for name, layer, key in net.parameters()}
    assert result == {
        "a.fc1.W": ("a.fc1", "W"), "a.fc1.b": ("a.fc1", "b"), "fc2.W": ("fc2", "W"), "fc2.b": ("fc2", "b"),
    }  # fmt: skip

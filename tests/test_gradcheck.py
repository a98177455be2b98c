"""The gradient check's own test: it must find wrong gradients, and leave the layer unchanged.

Each wrong layer here is a right one with one error in its backward.
"""

import numpy as np
import pytest
from strict_device import StrictDevice

from minialex import Layer, Sequential, check_gradients
from minialex.gradcases import TOLERANCE, Loss
from minialex.layers import Dense, Dropout, Softmax


class Linear(Layer):
    """y = x W.T + b, whose backward passes its gradients through `spoil` before it returns them."""

    def __init__(self, spoil=lambda dx, dW, db: (dx, dW, db)):
        super().__init__()
        rng = np.random.default_rng(0)
        self.params = {"W": rng.standard_normal((4, 3)), "b": rng.standard_normal(4)}
        self.spoil = spoil

    def forward(self, x):
        self.remember(x)
        return x @ self.params["W"].T + self.params["b"]

    def backward(self, dy):
        x = self.recall()
        dx, self.grads["W"], self.grads["b"] = self.spoil(dy @ self.params["W"], dy.T @ x, dy.sum(axis=0))
        return dx


def one(array):
    """Return 1 in the first element, 0 elsewhere."""
    spike = np.zeros_like(array)
    spike.flat[0] = 1
    return spike


def check(layer, x=None):
    """Return the names of the gradients that fail the check."""
    rng = np.random.default_rng(1)
    errors = check_gradients(layer, rng.standard_normal((5, 3)) if x is None else x, rng=rng)
    return {name for name, error in errors.items() if not error <= TOLERANCE}


def test_a_backward_that_writes_into_dy_is_named():
    class InPlace(Linear):
        def backward(self, dy):
            dx = super().backward(dy)
            dy *= 0
            return dx

    with pytest.raises(ValueError, match="InPlace: backward writes into dy"):
        check_gradients(InPlace(), np.ones((5, 3)), rng=np.random.default_rng(0))


def test_right_gradients_pass():
    assert check(Linear()) == set()


# fmt: off
@pytest.mark.parametrize(("spoil", "wrong"), [
    (lambda dx, dW, db: (dx, 1.01 * dW, db),                "W"),
    (lambda dx, dW, db: (dx, dW, 1.01 * db),                "b"),
    (lambda dx, dW, db: (1.01 * dx, dW, db),                "x"),
    (lambda dx, dW, db: (dx, dW * (1 + 0.01 * one(dW)), db), "W"),
    (lambda dx, dW, db: (dx * (1 - one(dx)), dW, db),       "x"),
    (lambda dx, dW, db: (dx, -dW, db),                      "W"),
    (lambda dx, dW, db: (-dx, dW, db),                      "x"),
    (lambda dx, dW, db: (dx, dW, 0 * db),                   "b"),
    (lambda dx, dW, db: (0 * dx, dW, db),                   "x"),
    (lambda dx, dW, db: (dx, dW / 5, db),                   "W"),
    (lambda dx, dW, db: (dx, dW, db + 1),                   "b"),
    (lambda dx, dW, db: (dx, np.nan * dW, db),              "W"),
    (lambda dx, dW, db: (dx, dW, np.where(one(db) == 1, np.nan, db)), "b"),
    (lambda dx, dW, db: (np.where(one(dx) == 1, np.inf, dx), dW, db), "x"),
    (lambda dx, dW, db: (np.full_like(dx, np.nan), dW, db), "x"),
], ids=["W 1 %", "b 1 %", "x 1 %", "one element of W 1 %", "one element of x 0", "W sign", "x sign", "b zero", "x zero",
        "W averaged", "b shifted", "W nan", "one element of b nan", "one element of x inf", "x nan"])
def test_the_wrong_gradient_is_named(spoil, wrong):
    assert check(Linear(spoil)) == {wrong}
# fmt: on


def test_a_forgotten_gradient():
    class Forgets(Linear):
        def backward(self, dy):
            dx = super().backward(dy)
            del self.grads["b"]
            return dx

    assert check(Forgets()) == {"b"}


def test_gradients_added_to_those_of_the_last_time():
    class Accumulates(Linear):
        def backward(self, dy):
            before = dict(self.grads)
            dx = super().backward(dy)
            for name, gradient in before.items():
                self.grads[name] = self.grads[name] + gradient
            return dx

    assert check(Accumulates()) == {"W", "b"}


def test_a_forward_that_is_nan():
    class Undefined(Linear):
        def forward(self, x):
            return super().forward(x) * np.nan

    assert check(Undefined()) == {"x", "W", "b"}


def test_a_gradient_that_a_sum_would_hide():
    """The outputs of softmax sum to 1, so with dy = 1 its gradient is 0 and nothing at all would pass."""

    class Nothing(Softmax):
        def backward(self, dy):
            return 0 * super().backward(dy)

    assert check(Softmax()) == set()
    assert check(Nothing()) == {"x"}


def test_wrong_inside_a_net():
    rng = np.random.default_rng(0)
    net = Sequential(
        fc1=Dense(3, 3, std=1.0, rng=rng), inner=Sequential(fc2=Linear(lambda *d: (d[0], 1.01 * d[1], d[2])))
    )
    assert check(net) == {"inner.fc2.W"}


def test_a_gradient_of_another_shape():
    with pytest.raises(ValueError, match=r"b.*\(4,\).*\(1, 4\)"):
        check(Linear(lambda dx, dW, db: (dx, dW, db[None])))


@pytest.mark.parametrize("inverted", [False, True])
def test_a_layer_that_draws_draws_the_same_each_time(inverted):
    assert check(Dropout(0.5, inverted=inverted, rng=np.random.default_rng(0))) == set()


def test_a_loss_as_a_layer_moves_to_a_device_with_its_head():
    device = StrictDevice("device1")
    loss = Loss(np.array([2, 0])).to(device)
    with device:
        loss.forward(device.put(np.ones((2, 3))))
        assert device.holds(loss.backward(device.put(np.ones(1))))


def test_the_layer_is_left_unchanged():
    rng = np.random.default_rng(0)
    dense, dropout = Dense(3, 4, rng=rng), Dropout(rng=rng)
    net = Sequential(fc1=dense, drop1=dropout).eval()
    x = rng.standard_normal((5, 3)).astype("float32")
    x_before, y = x.copy(), net.forward(x)
    dx = net.backward(np.ones_like(y))
    net.forward(x)
    before = [value.copy() for value in (*dense.params.values(), *dense.grads.values())]
    draws = rng.bit_generator.state

    check_gradients(net, x, rng=np.random.default_rng(1))

    for value, same in zip([*dense.params.values(), *dense.grads.values()], before, strict=True):
        assert value.dtype == "float32"
        np.testing.assert_array_equal(value, same)
    np.testing.assert_array_equal(x, x_before)
    assert rng.bit_generator.state == draws
    assert (dense.name, dropout.training, list(net.layers)) == ("fc1", False, ["fc1", "drop1"])
    np.testing.assert_array_equal(net.backward(np.ones_like(y)), dx)  # the values kept by forward are still there

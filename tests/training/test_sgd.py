"""The update rule, step by step, against the paper's formula written out."""

import numpy as np
import pytest

from minialex import Layer, Sequential
from minialex.layers import Dense, ReLU
from minialex.training import SGD


def net():
    rng = np.random.default_rng(0)
    return Sequential(fc1=Dense(3, 2, rng=rng), relu1=ReLU(), fc2=Dense(2, 2, rng=rng))


def give_gradients(net, rng):
    for layer in net.layers.values():
        layer.grads.update({key: rng.standard_normal(w.shape).astype(w.dtype) for key, w in layer.params.items()})


def test_three_steps_by_the_paper():
    """v <- 0.9 v - 0.0005 lr w - lr g;  w <- w + v, for weights and biases alike."""
    a, rng = net(), np.random.default_rng(1)
    sgd = SGD(a, lr=0.01)
    w, v = a.layers["fc1"].params["W"].copy(), 0.0
    b, u = a.layers["fc1"].params["b"].copy(), 0.0
    for _ in range(3):
        give_gradients(a, rng)
        gW, gb = a.layers["fc1"].grads["W"], a.layers["fc1"].grads["b"]
        v = 0.9 * v - 0.0005 * 0.01 * w - 0.01 * gW
        u = 0.9 * u - 0.0005 * 0.01 * b - 0.01 * gb
        w, b = w + v, b + u
        sgd.step()
    np.testing.assert_allclose(a.layers["fc1"].params["W"], w, rtol=1e-6)
    np.testing.assert_allclose(a.layers["fc1"].params["b"], b, rtol=1e-6)
    assert a.layers["fc1"].params["W"].dtype == "float32"


@pytest.mark.parametrize(("divide", "b_factor"), [(True, 0.1), (False, 1.0)])
def test_biases_have_a_rate_and_a_decay_of_their_own(divide, b_factor):
    a, rng = net(), np.random.default_rng(1)
    sgd = SGD(a, 0.01, 0.9, 0.5, bias_lr=0.02, bias_decay=0.0, divide_bias_lr=divide)
    sgd.factor = 0.1
    give_gradients(a, rng)
    before, grads = a.state(), {k: g.copy() for k, g in a.layers["fc2"].grads.items()}
    sgd.step()
    after = a.state()
    moved_W, moved_b = after["fc2.W"] - before["fc2.W"], after["fc2.b"] - before["fc2.b"]
    np.testing.assert_allclose(moved_W, -0.001 * 0.5 * before["fc2.W"] - 0.001 * grads["W"], rtol=1e-4, atol=1e-8)
    np.testing.assert_allclose(moved_b, -0.02 * b_factor * grads["b"], rtol=1e-4)


def test_decay_may_differ_from_layer_to_layer():
    a = net()
    sgd = SGD(a, 1.0, 0.0, {"fc1": 0.25, "fc2": 0.0}, bias_decay=0.0)
    for layer in a.layers.values():
        layer.grads.update({key: 0 * w for key, w in layer.params.items()})
    before = a.state()
    sgd.step()
    np.testing.assert_allclose(a.state()["fc1.W"], 0.75 * before["fc1.W"], rtol=1e-6)
    np.testing.assert_array_equal(a.state()["fc2.W"], before["fc2.W"])


def test_a_parameter_may_be_a_single_number_or_a_large_matrix():
    class Two(Layer):
        def __init__(self):
            super().__init__()
            self.params = {"scale": np.array(2.0), "W": np.arange(3 * 70_000.0).reshape(3, 70_000)}
            self.grads = {"scale": np.array(0.5), "W": np.ones((3, 70_000))}

    net = Two()
    W = net.params["W"].copy()
    sgd = SGD(net, 0.1, weight_decay=0.0)
    sgd.step()
    sgd.step()
    assert net.params["scale"] == pytest.approx(2.0 - 0.05 - 0.095)
    np.testing.assert_allclose(net.params["W"], W - 0.1 - 0.19)


def test_errors_come_before_the_first_step():
    with pytest.raises(ValueError, match="expected weight_decay for fc2, got one for fc1 only"):
        SGD(net(), 0.01, weight_decay={"fc1": 0.1})
    for wrong in (0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="lr to be positive"):
            SGD(net(), wrong)
    with pytest.raises(RuntimeError, match=r"fc1\.W has no gradient yet; call net\.backward"):
        SGD(net(), 0.01).step()


def test_velocities_go_on_where_they_were():
    a, b = net(), net()
    one, two = SGD(a, 0.01), SGD(b, 0.01)
    give_gradients(a, np.random.default_rng(2))
    one.step()
    b.load_state(a.state())
    two.load_state(one.state())
    for pair in ((a, one), (b, two)):
        give_gradients(pair[0], np.random.default_rng(3))
        pair[1].step()
    for name, value in a.state().items():
        np.testing.assert_array_equal(value, b.state()[name])
    with pytest.raises(ValueError, match="velocities of this net"):
        two.load_state({"conv9.W": np.zeros(1)})


def test_velocities_of_another_shape_are_refused():
    a = net()
    sgd = SGD(a, 0.01)
    with pytest.raises(ValueError, match=r"velocity of fc1\.W to be \(2, 3\), got \(3, 2\)"):
        sgd.load_state({"fc1.W": np.zeros((3, 2))})
    assert not sgd.velocity

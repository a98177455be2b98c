"""The units that experiments compare: saturation by hand, and that without them a net is one linear map."""

import numpy as np
import pytest

from minialex.gradcheck import check_gradients
from minialex.lab.frame.net import KIT
from minialex.lab.gradient_flow import chain
from minialex.lab.relu import ENTRIES
from minialex.lab.unit_costs import KITS, unit_costs
from minialex.lab.units import UNITS, Identity, saturated, slope_at, unit_curves


def test_no_unit_is_the_identity_with_arrays_of_its_own():
    unit, x = Identity(), np.ones((2, 3), "float32")
    y = unit.forward(x)
    y += 1
    dx = unit.backward(x)
    dx += 1
    np.testing.assert_array_equal(x, 1)
    errors = check_gradients(Identity(), np.random.default_rng(0).standard_normal((3, 4)), rng=np.random.default_rng(1))
    assert errors["x"] < 1e-7


@pytest.mark.parametrize("name", UNITS)
def test_slopes_are_those_of_backward(name):
    x, y, slope = unit_curves()[name]
    assert len(x) == len(y) == len(slope)
    np.testing.assert_allclose(slope_at(y, UNITS[name]()), slope / slope.max(), atol=1e-6)
    np.testing.assert_allclose(
        np.diff(y) / np.diff(x), (slope[1:] + slope[:-1]) / 2, atol=0.51 if name == "ReLU" else 2e-4
    )


def test_saturation_by_hand():
    assert saturated(np.array([0.0, 0.9, 0.94, 0.95, -0.99]), KIT.Tanh()) == pytest.approx(2 / 5)  # |y| > 0.9487
    assert saturated(np.array([0.5, 0.03, 0.02, 0.99]), KIT.Sigmoid()) == pytest.approx(2 / 4)  # y < 0.0257
    assert saturated(np.array([0.0, 0.0, 1e-9, 3.0]), KIT.ReLU()) == pytest.approx(2 / 4)
    assert saturated(np.array([-100.0, 100.0]), Identity()) == 0


def product(net, x):
    """The one matrix and the one bias that layers without units amount to."""
    W, b = np.eye(x.shape[1]), np.zeros(x.shape[1])
    for layer in net:
        if layer.params:
            W, b = layer.params["W"] @ W, layer.params["W"] @ b + layer.params["b"]
    return x @ W.T + b


def test_a_net_without_units_is_one_linear_map_and_one_with_units_is_not():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((5, 1, 4, 4))
    sizes = {"classes": 3, "image_size": 4, "channels": 1, "depth": 4, "weights": "he"}
    for unit, linear in ((Identity, True), (KIT.ReLU, False), (KIT.Tanh, False)):
        net = chain(unit=unit, rng=rng, **sizes).astype("float64")
        assert np.allclose(net.forward(x), product(net, x.reshape(5, -1)), atol=1e-9) == linear


def test_the_row_without_units_is_linear_with_its_average_pooling():
    net = ENTRIES["today, no unit, average pooling"].net(rng=np.random.default_rng(0), classes=10, image_size=16)
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((2, 4, 3, 16, 16), dtype="float32")
    zero = net.forward(0 * a)
    np.testing.assert_allclose(net.forward(a + b) - zero, net.forward(a) + net.forward(b) - 2 * zero, atol=1e-4)


def test_costs_are_of_every_unit_in_both_kits():
    costs = unit_costs((2, 3, 4, 4), repetitions=1)
    assert list(costs) == [f"{kit}, {name}" for kit in KITS for name in UNITS]
    assert all(len(pair) == 2 and min(pair) >= 0 for pair in costs.values())

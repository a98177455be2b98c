"""The nets with local layers, as their files have them."""

import numpy as np
import pytest

from minialex.models import cifar_11pct, cifar_13pct


@pytest.mark.parametrize(
    ("make", "parameters", "shapes"),
    [
        (cifar_13pct, 1_116_490, {"local3.W": (36, 32, 576), "local4.W": (36, 32, 288), "fc5.W": (10, 1152)}),
        (cifar_11pct, 2_112_970, {"local3.W": (36, 64, 576), "local4.W": (36, 32, 576), "fc5.W": (10, 1152)}),
    ],
)
def test_parameters_are_those_of_the_files(make, parameters, shapes):
    state = make(rng=np.random.default_rng(0)).state()
    assert sum(value.size for value in state.values()) == parameters
    assert {name: state[name].shape for name in shapes} == shapes
    std = {name: float(value.std()) for name, value in state.items() if name.endswith("W")}
    assert std == pytest.approx(
        {"conv1.W": 1e-4, "conv2.W": 0.01, "local3.W": 0.04, "local4.W": 0.04, "fc5.W": 0.01}, rel=0.05
    )


def test_the_order_of_normalization_and_pooling():
    rng = np.random.default_rng(0)
    assert list(cifar_11pct(rng=rng).layers)[:9] == [
        "conv1", "relu1", "pool1", "norm1", "conv2", "relu2", "norm2", "pool2", "local3",
    ]  # fmt: skip
    assert cifar_11pct(rng=rng)["norm1"].alpha == pytest.approx(1e-3 / 9)
    assert not [name for name in cifar_13pct(rng=rng).layers if name.startswith("norm")]


def test_a_step_of_training():
    rng = np.random.default_rng(0)
    net = cifar_13pct(rng=rng)
    y = net(rng.integers(-99, 99, (4, 3, 24, 24)).astype("float32"))
    assert y.shape == (4, 10)
    assert net.backward(np.ones_like(y)) is None
    assert all(layer.grads[key].shape == layer.params[key].shape for _, layer, key in net.parameters())

"""Every layer's backward against finite differences, and the promises that every backward makes.

The promises: gradients are assigned, arguments are not written to, and results belong to the caller.
"""

import numpy as np
import pytest
from cases import CASES, over_cases, over_kits

from minialex import Sequential, check_gradients
from minialex.gradcases import TOLERANCE, Loss


def assert_right(errors, names):
    assert set(errors) == set(names)
    wrong = {name: error for name, error in errors.items() if not error <= TOLERANCE}  # so that nan is wrong too
    assert not wrong


def arrays_in(value):
    """Yield all arrays in a layer's attributes, however deep."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(inner)


def one_round(layer, case, rng):
    x = case.x(rng)
    y = layer.forward(x)
    dy = rng.standard_normal(y.shape)
    return x, y, dy, layer.backward(dy)


@over_cases()
def test_backward_is_the_derivative_of_forward(kit, case):
    rng = np.random.default_rng(0)
    layer = case.build(kit, rng)
    assert_right(check_gradients(layer, case.x(rng), rng=rng), {"x", *layer.params})


@over_cases()
def test_arguments_and_parameters_are_not_written_to(kit, case):
    rng = np.random.default_rng(0)
    layer = case.build(kit, rng)
    params = {name: value.copy() for name, value in layer.params.items()}
    x = case.x(rng)
    x_before = x.copy()
    y = layer.forward(x)
    y_before = y.copy()
    dy = rng.standard_normal(y.shape)
    dy_before = dy.copy()
    layer.backward(dy)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(y, y_before)
    np.testing.assert_array_equal(dy, dy_before)
    for name, value in layer.params.items():
        np.testing.assert_array_equal(value, params[name])


@over_cases()
def test_dx_and_the_gradients_share_no_memory(kit, case):
    rng = np.random.default_rng(0)
    layer = case.build(kit, rng)
    x, y, dy, dx = one_round(layer, case, rng)
    results = [dx, *layer.grads.values()]
    others = [x, y, dy, *arrays_in({name: value for name, value in vars(layer).items() if name != "grads"})]
    for i, result in enumerate(results):
        assert not any(np.shares_memory(result, other) for other in others + results[:i])


@over_cases()
def test_results_that_are_kept_are_not_overwritten(kit, case):
    """Memory may be reused, but not while a reference to it exists."""
    rng = np.random.default_rng(0)
    layer = case.build(kit, rng)
    _, y, _, dx = one_round(layer, case, rng)
    kept = [y, dx, *layer.grads.values()]
    before = [value.copy() for value in kept]
    one_round(layer, case, rng)
    for value, same in zip(kept, before, strict=True):
        np.testing.assert_array_equal(value, same)


@over_cases("Conv2D", "Dense", "BatchNorm", "Local2D")
def test_backward_assigns_its_gradients(kit, case):
    """The same round twice gives the same gradients, not their sum."""
    layer = case.build(kit, np.random.default_rng(0))
    rounds = []
    for _ in range(2):
        one_round(layer, case, np.random.default_rng(1))
        rounds.append({name: value.copy() for name, value in layer.grads.items()})
    assert rounds[0].keys() == rounds[1].keys() == layer.params.keys()
    for name, value in rounds[0].items():
        assert value.shape == layer.params[name].shape
        assert np.any(value != 0)
        np.testing.assert_array_equal(value, rounds[1][name])


@over_cases("Conv2D", "Dense", "Local2D")
def test_without_input_gradient_backward_returns_none(kit, case):
    layers = [case.build(kit, np.random.default_rng(0)) for _ in range(2)]
    layers[1].input_gradient = False
    dx, nothing = (one_round(layer, case, np.random.default_rng(1))[-1] for layer in layers)
    assert dx is not None
    assert nothing is None
    for name, value in layers[0].grads.items():
        np.testing.assert_allclose(layers[1].grads[name], value, rtol=1e-12)


@over_kits
def test_gradcheck_leaves_out_x_where_there_is_no_input_gradient(kit):
    rng = np.random.default_rng(0)
    layer = CASES["conv 3x3"].build(kit, rng)
    layer.input_gradient = False
    assert_right(check_gradients(layer, CASES["conv 3x3"].x(rng), rng=rng), {"W", "b"})


@over_cases()
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_follows_the_dtype(kit, case, dtype):
    rng = np.random.default_rng(0)
    layer = case.build(kit, rng).astype(dtype)
    y = layer.forward(case.x(rng).astype(dtype))
    dx = layer.backward(rng.standard_normal(y.shape).astype(dtype))
    assert {value.dtype for value in (y, dx, *layer.grads.values())} == {np.dtype(dtype)}


# -- a whole net, its head included -------------------------------------------------------------------------------


def small_net(kit, rng):
    """Build a net of every layer, two groups, and a net within the net."""
    # fmt: off
    lower = Sequential(
        conv1=kit.Conv2D(2, 4, 3, pad=(0, 1), std=0.5, rng=rng),        relu1=kit.ReLU(),
        norm1=kit.LRN(3, alpha=0.5, groups=2), pool1=kit.MaxPool(3, 2, ceil=True),
        conv2=kit.Conv2D(4, 4, 3, pad=1, groups=2, std=0.5, rng=rng),   tanh2=kit.Tanh(),
        norm2=kit.LRN(3, alpha=0.5, across="space"), pool2=kit.AvgPool(3, 2, ceil=True),
    )
    return Sequential(
        lower=lower, flatten=kit.Flatten(),
        fc3=kit.Dense(8, 5, std=0.5, bias=0.1, rng=rng), sigmoid3=kit.Sigmoid(),
        drop3=kit.Dropout(0.3, rng=rng), drop4=kit.Dropout(0.3, inverted=True, rng=rng),
        fc4=kit.Dense(5, 3, std=2.0, rng=rng), softmax4=kit.Softmax(),
    )
    # fmt: on


@over_kits
def test_a_net_with_all_layers_and_the_head(kit):
    rng = np.random.default_rng(3)
    net = Sequential(net=small_net(kit, rng), loss=Loss(np.array([2, 0]), kit.SoftmaxCrossEntropy()))
    x = rng.standard_normal((2, 2, 9, 8))
    errors = check_gradients(net, x, rng=rng, eps=1e-5)  # a deep net's gradients are small: more eps
    names = {f"{layer}.{key}" for layer in ("lower.conv1", "lower.conv2", "fc3", "fc4") for key in "Wb"}
    assert_right(errors, {"x", *(f"net.{name}" for name in names)})


@over_kits
@pytest.mark.parametrize(("batch", "classes"), [(1, 2), (3, 5), (4, 1)])
def test_the_head_alone(kit, batch, classes):
    """With one class the loss is 0 whatever the logits, and so is the gradient."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, classes, batch)
    head = Loss(labels, kit.SoftmaxCrossEntropy())
    assert_right(check_gradients(head, rng.standard_normal((batch, classes)), rng=rng), {"x"})

"""The CUDA kit against the textbook, in float32: equal to rounding, the same bits in every order of the threads.

The tables of `cases.py` (gradients, loops, errors, examples by hand) run with this kit too, in float64.
"""

from functools import partial

import numpy as np
import pairs
import pytest
from cuda_on_cpu import Kernel, OnCpu, kit_on, needs_compiler
from pairs import close, compare, in_order, over_orders

from minialex import Sequential, cuda, fast, layers, variants
from minialex.kits import complete
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import cifar_80sec, small_alexnet
from minialex.training import SGD

pytestmark = needs_compiler
DEVICE = OnCpu()
KIT = kit_on(DEVICE)
both, PAIRS = partial(pairs.both, KIT), pairs.pairs(KIT)


@pytest.mark.parametrize(("ours", "theirs", "shape"), PAIRS)
@over_orders
def test_the_kit_is_the_textbook(ours, theirs, shape, order):
    compare(ours, theirs, in_order(np.random.default_rng(2).standard_normal(shape, dtype="float32"), order))


# fmt: off
SHAPES = [  # of the paper's net, with fewer channels; and windows at their limits
    ("Conv2D",  (3, 4, 11),    {"stride": 4, "pad": (0, 3)},               (2, 3, 224, 224)),
    ("Conv2D",  (4, 6, 5),     {"pad": 2, "groups": 2},                    (2, 4, 27, 27)),
    ("Conv2D",  (4, 4, 3),     {"pad": 1},                                 (33, 4, 13, 13)),
    ("Conv2D",  (4, 6, 3),     {"stride": 2, "pad": (2, 0), "groups": 2},  (1, 4, 9, 7)),
    ("Conv2D",  (6, 6, 3),     {"groups": 6, "pad": (1, 0)},               (1, 6, 5, 4)),
    ("Conv2D",  (2, 3, 2),     {"stride": 4},                              (3, 2, 11, 8)),
    ("LRN",     (),            {"alpha": 0.5},                             (2, 96, 3, 3)),
    ("LRN",     (5,),          {"alpha": 0.5, "groups": 2},                (1, 8, 2, 3)),
    ("MaxPool", (3, 2),        {},                                         (1, 2, 55, 55)),
    ("MaxPool", (16, 16),      {"ceil": True},                             (2, 1, 33, 20)),
    ("MaxPool", (17, 3),       {"ceil": True},                             (2, 1, 33, 20)),
    ("Tanh",    (),            {},                                         (3, 2, 5, 4)),
    ("Sigmoid", (),            {},                                         (3, 7)),
    ("ReLU",    (),            {},                                         (3, 7, 5)),
]
# fmt: on


@pytest.mark.parametrize(("kind", "args", "settings", "shape"), SHAPES, ids=str)
def test_shapes_of_the_paper_and_at_the_limits(kind, args, settings, shape):
    compare(*both(kind, *args, **settings), np.random.default_rng(4).standard_normal(shape, dtype="float32"))


@pytest.mark.parametrize("settings", [{}, {"ceil": True}])
def test_of_equal_values_the_first_is_the_maximum(settings):
    x = np.random.default_rng(0).integers(0, 3, (6, 5, 11, 8)).astype("float32")
    ours, theirs = both("MaxPool", 3, 2, **settings)
    np.testing.assert_array_equal(ours.forward(x), theirs.forward(x))
    dy = np.random.default_rng(1).integers(1, 9, (6, *ours.output_shape(x.shape[1:]))).astype("float32")
    np.testing.assert_array_equal(ours.backward(dy), theirs.backward(dy))


@pytest.mark.parametrize(
    ("kind", "args"), [("ReLU", ()), ("MaxPool", (3, 2)), ("AvgPool", (3, 2)), ("LRN", (3,)), ("Tanh", ())]
)
def test_nan_stays_nan(kind, args):
    x = np.random.default_rng(0).standard_normal((3, 4, 7, 7), dtype="float32")
    x[1, 2, 3, 4] = np.nan
    ours, theirs = (layer.forward(x) for layer in both(kind, *args))
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    assert np.isnan(ours).any()


def test_of_several_nan_the_first_is_the_maximum():
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 7), dtype="float32")
    x[:, :, 2:4, 3:5] = x[0, 1, 0, 1] = np.nan
    ours, theirs = both("MaxPool", 3, 2)
    np.testing.assert_array_equal(ours.forward(x), theirs.forward(x))
    dy = np.random.default_rng(1).standard_normal((2, 3, 3, 3), dtype="float32")
    np.testing.assert_array_equal(ours.backward(dy), theirs.backward(dy))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("inverted", [True, False])
@pytest.mark.parametrize("shape", [(9, 7), (3, 4, 5, 2)])
def test_dropout_drops_the_same_units_as_on_the_host(shape, inverted, training):
    x, dy = np.random.default_rng(0).standard_normal((2, *shape), dtype="float32")
    results = []
    for kit in (KIT, layers):
        layer = kit.Dropout(0.4, inverted=inverted, rng=np.random.default_rng(1))
        layer.train() if training else layer.eval()
        results.append((layer.forward(x), layer.backward(dy)))
    for ours, theirs in zip(*results, strict=True):
        close(ours, theirs, 1e-7)
        np.testing.assert_array_equal(ours == 0, theirs == 0)


@pytest.mark.parametrize(
    ("kind", "args", "shape"),
    [
        ("Conv2D", (3, 4, 3), (2, 3, 6, 5)), ("Dense", (7, 4), (3, 7)), ("LRN", (), (2, 3, 4, 4)),
        ("MaxPool", (), (2, 3, 7, 5)), ("AvgPool", (3, 2), (2, 3, 7, 5)), ("ReLU", (), (3, 4)),
    ],
)  # fmt: skip
def test_a_gradient_in_float64_of_a_layer_in_float32_is_converted(kind, args, shape):
    """A kernel would read its bytes as other numbers."""
    x = np.random.default_rng(0).standard_normal(shape, dtype="float32")
    ours, theirs = both(kind, *args)
    dy = np.random.default_rng(1).standard_normal(theirs.forward(x).shape)
    ours.forward(x)
    close(ours.backward(dy), theirs.backward(dy).astype("float32"))


@pytest.mark.parametrize(("ours", "theirs", "shape"), PAIRS)
def test_the_order_of_the_threads_changes_no_bit(ours, theirs, shape, monkeypatch):
    """Last thread first: what one thread writes, no other reads or writes."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal(shape, dtype="float32")
    dy = rng.standard_normal(ours.forward(x).shape, dtype="float32")
    results = []
    for backwards in (False, True):
        monkeypatch.setattr(Kernel, "backwards", backwards)
        y = ours.forward(x)
        results.append((y, ours.backward(dy), *ours.grads.values()))
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("shape", [(6, 5, 4, 3), (6, 5)])
def test_batch_normalization_in_evaluation(shape):
    """After training steps, with the running means that they left; and back to training."""
    rng = np.random.default_rng(0)
    ours, theirs = both("BatchNorm", 5, momentum=0.5)
    for layer in (ours, theirs):
        layer.load_state(layer.state() | {"W": np.arange(1, 6, dtype="float32"), "b": np.arange(5, dtype="float32")})
    for mode in ("train", "train", "eval", "train", "eval"):
        getattr(ours, mode)(), getattr(theirs, mode)()
        compare(ours, theirs, 3 + rng.standard_normal(shape, dtype="float32"))


def test_batch_normalization_of_values_far_from_zero():
    """A variance from sums of squares would have no correct digit here."""
    x = 3000 + np.random.default_rng(0).standard_normal((32, 4, 9, 9))
    exact, ours = variants.BatchNorm(4).forward(x), KIT.BatchNorm(4).forward(x.astype("float32"))
    close(ours, exact.astype("float32"), 1e-3)


# -- whole nets -------------------------------------------------------------------------------------------------------


def steps(kit, build, device=None):
    """Return the losses of three steps, and the parameters after them."""
    net = build(rng=np.random.default_rng(0), kit=kit)
    head, sgd, data = SoftmaxCrossEntropy(), SGD(net, 0.001), np.random.default_rng(1)
    if device is not None:
        net.to(device), head.to(device)
    losses = []
    for _ in range(3):
        images = 50 * data.standard_normal((5, 3, 32, 32), dtype="float32")
        logits = net.forward(net.device.put(images))
        losses.append(head.forward(logits, data.integers(0, 10, 5)))
        net.backward(head.backward())
        sgd.step()
    return losses, net.state()


@pytest.mark.slow
@pytest.mark.parametrize("build", [cifar_80sec, small_alexnet])
def test_whole_nets_train_alike(build):
    (losses, state), (expected, expected_state) = steps(cuda, build, DEVICE), steps(layers, build)
    assert losses == pytest.approx(expected, rel=1e-4)
    for name, value in state.items():
        close(value, expected_state[name], 1e-3)


def test_layers_of_the_kit_and_the_textbook_mix():
    """The textbook's may stand between the kit's: an array is shown as (N, C, H, W), however it is stored."""
    x = np.random.default_rng(0).standard_normal((4, 3, 9, 9), dtype="float32")
    textbook, results = complete(layers), []
    for a, b in [(cuda, cuda), (textbook, textbook), (cuda, textbook), (textbook, cuda)]:
        draws = np.random.default_rng(1)
        net = Sequential(
            a.Conv2D(3, 4, 3, std=0.3, rng=draws), textbook.BatchNorm(4), b.ReLU(), a.MaxPool(), b.LRN(3, alpha=0.5),
            a.Flatten(), b.Dense(36, 5, std=0.3, rng=draws),
        ).to(DEVICE)  # fmt: skip
        results.append((net.forward(DEVICE.put(x)), net.backward(DEVICE.put(np.ones((4, 5), "float32")))))
    for y, dx in results[1:]:
        close(y, results[0][0])
        close(dx, results[0][1])


def test_the_kit_has_the_names_of_the_fast_one():
    assert cuda.__all__ == fast.__all__
    for name in cuda.__all__:
        assert issubclass(getattr(cuda, name), getattr(complete(layers), name))

"""The variants: gradients by finite differences, values by loops, PyTorch where it is installed, errors."""

import copy

import numpy as np
import pytest

from minialex import Host, Sequential, check_gradients, fast, layers
from minialex.gradcases import separated
from minialex.kits import complete
from minialex.layers import Conv2D, Dense, MaxPool, ReLU, SoftmaxCrossEntropy
from minialex.models import cifar_80sec
from minialex.parallel import Replicas
from minialex.training import SGD
from minialex.variants import (
    BatchNorm,
    Branches,
    GlobalAvgPool,
    Heads,
    LeakyReLU,
    Local2D,
    Pad,
    Residual,
    Scale,
    SquaredError,
    inception,
    separable,
)


def conv(reads, kernels, side, rng, **settings):
    return Conv2D(reads, kernels, side, std=0.5, rng=rng, **settings)


CASES = {
    "batch norm of maps": ((4, 3, 2, 5), lambda rng: BatchNorm(3)),
    "batch norm of vectors": ((6, 3), lambda rng: BatchNorm(3, eps=0.1)),
    "batch norm in evaluation": ((4, 3, 2, 5), lambda rng: BatchNorm(3).eval()),
    "batch norm without a scale": ((4, 3, 2, 5), lambda rng: BatchNorm(3, scale=False)),
    "batch norm without a scale in evaluation": ((4, 3, 2, 5), lambda rng: BatchNorm(3, scale=False).eval()),
    "scale": ((3, 7), lambda rng: Scale(0.25)),
    "leaky relu": ((3, 7), lambda rng: LeakyReLU(0.2)),
    "global average": ((2, 3, 4, 5), lambda rng: GlobalAvgPool()),
    "pad": ((2, 3, 4, 5), lambda rng: Pad(2, value=7.0)),
    "pad by nothing": ((2, 3, 4, 5), lambda rng: Pad(0)),
    "branches of vectors": ((3, 4), lambda rng: Branches(a=Dense(4, 2, std=0.5, rng=rng), b=ReLU())),
    "branches of maps": ((2, 3, 4, 5), lambda rng: Branches(a=conv(3, 2, 1, rng), b=conv(3, 4, 3, rng, pad=1))),
    "residual": ((2, 3, 4, 5), lambda rng: Residual(Sequential(conv=conv(3, 3, 3, rng, pad=1), relu=LeakyReLU(0.3)))),
    "residual, projected": ((2, 3, 5, 5), lambda rng: Residual(
        conv(3, 4, 3, rng, stride=2, pad=1), conv(3, 4, 1, rng, stride=2))),
    "local": ((2, 3, 4, 4), lambda rng: Local2D(3, 2, 3, 4, std=0.5, rng=rng)),
    "local, padded": ((2, 2, 3, 3), lambda rng: Local2D(2, 3, 3, 3, pad=1, std=0.5, rng=rng)),
    "separable": ((2, 3, 4, 5), lambda rng: separable(3, 4, 3, std=0.5, rng=rng)),
    "inception": ((2, 3, 4, 5), lambda rng: inception(3, 2, (2, 3), (1, 2), 2, std=0.5, rng=rng)),
}  # fmt: skip
over_cases = pytest.mark.parametrize(("shape", "make"), CASES.values(), ids=CASES)


@over_cases
def test_gradients(shape, make):
    rng = np.random.default_rng(0)
    layer = make(rng).astype("float64")
    layer.load_state({name: 0.5 + rng.random(value.shape) for name, value in layer.state().items()})
    errors = check_gradients(layer, separated(shape, rng), rng=rng)
    assert len(errors) == 1 + len(list(layer.parameters()))
    assert max(errors.values()) < 1e-6, errors


@over_cases
def test_shapes_dtypes_and_promises(shape, make):
    rng = np.random.default_rng(1)
    layer, x = make(rng), rng.standard_normal(shape).astype("float32")
    kept = x.copy()
    y = layer(x)
    assert (y.shape, y.dtype) == ((shape[0], *layer.output_shape(shape[1:])), np.float32)
    dy = rng.standard_normal(y.shape).astype("float32")
    kept_dy = dy.copy()
    dx = layer.backward(dy)
    assert (dx.shape, dx.dtype) == (x.shape, np.float32)
    dx += 1
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_array_equal(dy, kept_dy)
    assert all(layer[name.rpartition(".")[0]].grads[key].shape == inner.params[key].shape
               for name, inner, key in layer.parameters() if "." in name)  # fmt: skip
    assert repr(layer)


def test_batch_normalization_by_hand():
    layer = BatchNorm(1, momentum=0.75, eps=0.0)
    layer.params.update(W=np.array([2.0]), b=np.array([1.0]))
    y = layer(np.array([[1.0], [3.0], [5.0], [7.0]]))  # mean 4, variance 5, of a sample 20 / 3
    np.testing.assert_allclose(y[:, 0], 1 + 2 * np.array([-3, -1, 1, 3]) / np.sqrt(5))
    np.testing.assert_allclose(layer.buffers["mean"], [0.25 * 4], rtol=1e-6)
    np.testing.assert_allclose(layer.buffers["var"], [0.75 + 0.25 * 20 / 3], rtol=1e-6)
    layer.eval()
    kept = copy.deepcopy(layer.buffers)
    y = layer(np.array([[1.0], [2.0]]))
    np.testing.assert_allclose(y[:, 0], 1 + 2 * (np.array([1, 2]) - 1) / np.sqrt(0.75 + 5 / 3), rtol=1e-6)
    assert layer.buffers == kept


@pytest.mark.parametrize("kit", [layers, fast], ids=["textbook", "fast"])
def test_a_scale_that_is_not_learned_is_1(kit):
    fixed, learned = (complete(kit).BatchNorm(3, scale=scale) for scale in (False, True))
    rng = np.random.default_rng(0)
    for layer in (fixed, learned):
        layer.params["b"][:] = [1, 2, 3]
    x, dy = rng.standard_normal((2, 4, 3, 5, 5)).astype("float32")
    np.testing.assert_array_equal(fixed(x), learned(x))
    np.testing.assert_array_equal(fixed.backward(dy), learned.backward(dy))
    np.testing.assert_array_equal(fixed.grads["b"], learned.grads["b"])
    assert (fixed.params.keys(), fixed.grads.keys(), repr(fixed)) == ({"b"}, {"b"}, "BatchNorm(3, scale=False)")
    assert fixed.state().keys() == {"b", "mean", "var"}


def test_scale_by_hand():
    layer = Scale(0.5)
    assert layer(np.array([[2.0, -3.0]])).tolist() == [[1.0, -1.5]]
    assert layer.backward(np.array([[4.0, 1.0]])).tolist() == [[2.0, 0.5]]
    with pytest.raises(RuntimeError, match="backward came without a forward"):
        layer.backward(np.ones((1, 2)))


def test_running_means_are_saved_and_moved_but_not_learned():
    rng = np.random.default_rng(0)
    net = Sequential(fc1=Dense(3, 4, std=1.0, rng=rng), norm1=BatchNorm(4), fc2=Dense(4, 2, rng=rng))
    head, sgd = SoftmaxCrossEntropy(), SGD(net, 0.1, weight_decay=0.5)
    for _ in range(3):
        head(net(rng.standard_normal((8, 3)).astype("float32")), rng.integers(0, 2, 8))
        net.backward(head.backward())
        sgd.step()
    state = net.state()
    assert {"norm1.mean", "norm1.var"} <= state.keys()
    assert not sgd.velocity.keys() & {"norm1.mean", "norm1.var"}
    other = Sequential(fc1=Dense(3, 4, rng=rng), norm1=BatchNorm(4), fc2=Dense(4, 2, rng=rng)).to(Host(workers=1))
    other.load_state(state)
    x = rng.standard_normal((5, 3)).astype("float32")
    np.testing.assert_array_equal(other.eval()(x), net.eval()(x))
    with pytest.raises(ValueError, match=r"expected a state with \['norm1\.mean'\]"):
        other.load_state({name: value for name, value in state.items() if name != "norm1.mean"})
    assert net.astype("float64")["norm1"].buffers["mean"].dtype == np.float64


def test_replicas_keep_running_means_in_the_net():
    rng = np.random.default_rng(0)
    net = Sequential(norm1=BatchNorm(2), fc1=Dense(2, 2, rng=rng))
    replicas = Replicas(net, [Host(workers=1), Host(workers=1)])
    x = rng.standard_normal((6, 2)).astype("float32")
    replicas(x)
    np.testing.assert_allclose(net["norm1"].buffers["mean"], 0.1 * x[:3].mean(axis=0), rtol=1e-5)


def test_a_local_layer_by_loops():
    rng = np.random.default_rng(2)
    layer = Local2D(2, 3, 3, 4, pad=1, std=1.0, rng=rng).astype("float64")
    layer.params["b"] = rng.standard_normal(layer.params["b"].shape)
    x = rng.standard_normal((2, 2, 4, 4))
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    W, y = layer.params["W"].reshape(4, 4, 3, 2, 3, 3), layer(x)
    for n, o, h, w in np.ndindex(*y.shape):
        window = padded[n, :, h : h + 3, w : w + 3]
        assert y[n, o, h, w] == pytest.approx(layer.params["b"][o, h, w] + np.sum(W[h, w, o] * window))


def test_a_local_layer_with_equal_kernels_is_a_convolution():
    rng = np.random.default_rng(3)
    local, shared = Local2D(2, 3, 3, 5, rng=rng), conv(2, 3, 3, rng)
    local.params["W"][:] = shared.params["W"].reshape(3, -1)
    x = rng.standard_normal((2, 2, 5, 5)).astype("float32")
    np.testing.assert_allclose(local(x), shared(x), rtol=1e-4, atol=1e-5)
    assert local.multiply_adds((2, 5, 5)) == shared.multiply_adds((2, 5, 5))


def test_an_inception_module_keeps_the_map_and_adds_up_the_kernels():
    module = inception(3, 2, (2, 3), (1, 2), 2, rng=np.random.default_rng(0))
    assert module.output_shape((3, 7, 6)) == (2 + 3 + 2 + 2, 7, 6)
    assert [name for name, _ in module.outputs(np.zeros((1, 3, 4, 4), "float32"))][-1] == "Branches"
    assert "three.conv.W" in module.state()


def test_a_separable_convolution_has_few_parameters():
    net = separable(32, 64, 3, rng=np.random.default_rng(0))
    assert sum(value.size for value in net.state().values()) == 32 * 9 + 32 + 32 * 64 + 64
    assert net.multiply_adds((32, 8, 8)) == 64 * (32 * 9 + 32 * 64)


def test_two_heads():
    rng = np.random.default_rng(0)
    net = Sequential(
        fc1=Dense(3, 4, std=1.0, rng=rng), heads=Heads(label=Dense(4, 2, rng=rng), box=Dense(4, 4, rng=rng))
    )
    x = rng.standard_normal((5, 3)).astype("float32")
    label, box = net(x)
    losses = SoftmaxCrossEntropy(), SquaredError()
    losses[0](label, np.array([0, 1, 0, 1, 1]))
    losses[1](box, np.ones((5, 4)))
    net.backward((losses[0].backward(), losses[1].backward()))
    assert net["heads.box"].grads["W"].shape == (4, 4)
    assert net["fc1"].grads["W"].any()
    assert net.output_shape((3,)) == ((2,), (4,))
    net(x)
    with pytest.raises(ValueError, match="a tuple of 2 gradients, one a head, got one array"):
        net.backward(box)


def test_squared_error_by_hand():
    loss = SquaredError()
    assert loss(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1, 0], [0, 4]])) == (4 + 9) / 4
    np.testing.assert_array_equal(loss.backward(), [[0, 1], [1.5, 0]])
    with pytest.raises(ValueError, match=r"a target of shape \(2, 2\), got int64 \(2,\)"):
        loss(np.zeros((2, 2)), np.array([1, 2]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rng: BatchNorm(3)(np.zeros((2, 4))), r"expected \(N, 3, H, W\) or \(N, 3\), got \(N, 4\)"),
        (lambda rng: BatchNorm(3)(np.zeros((1, 3))), "at least two values a channel in training, got 1"),
        (lambda rng: BatchNorm(0), "channels to be an integer >= 1"),
        (lambda rng: BatchNorm(3, momentum=1), "momentum to be a number"),
        (lambda rng: LeakyReLU(-0.1), "slope to be a number"),
        (lambda rng: Scale(-1.0), "factor to be a number, 0 <= factor < inf, got -1.0"),
        (lambda rng: GlobalAvgPool()(np.zeros((2, 3))), r"images \(N, C, H, W\)"),
        (lambda rng: Residual(Dense(3, 2, rng=rng))(np.zeros((1, 3))), r"a body that makes \(3,\), got \(2,\)"),
        (lambda rng: Branches(a=Pad(1), b=Pad(2))(np.zeros((1, 1, 2, 2))), "branches with maps of one size"),
        (lambda rng: Local2D(1, 1, 5, 3, rng=rng), "a kernel of at most 3, got 5"),
        (lambda rng: Local2D(1, 1, 3, 4, rng=rng)(np.zeros((1, 1, 5, 5))), "maps of 4x4, got 5x5"),
    ],
)
def test_errors_name_what_was_expected(make, message):
    with pytest.raises(ValueError, match=message):
        make(np.random.default_rng(0))


def test_a_net_of_variants_learns_and_freezes():
    rng = np.random.default_rng(0)
    net = Sequential(
        conv(3, 4, 3, rng, pad=1), BatchNorm(4), LeakyReLU(), Residual(Sequential(conv(4, 4, 3, rng, pad=1), ReLU())),
        MaxPool(2, 2), GlobalAvgPool(), Dense(4, 2, std=0.5, rng=rng),
    )  # fmt: skip
    x, labels = rng.standard_normal((16, 3, 8, 8)).astype("float32"), np.arange(16) % 2
    x[labels == 1, 0] += 1
    head, sgd = SoftmaxCrossEntropy(), SGD(net, 0.1, weight_decay=0.0)
    net["residual1"].trainable = False
    before = net.state()
    losses = []
    for _ in range(30):
        losses.append(head(net(x), labels))
        net.backward(head.backward())
        sgd.step()
    assert losses[-1] < 0.5 * losses[0]
    np.testing.assert_array_equal(net.state()["residual1.body.conv1.W"], before["residual1.body.conv1.W"])
    assert not np.array_equal(net.state()["dense1.W"], before["dense1.W"])


def test_the_first_layer_of_a_branch_may_read_the_images():
    rng = np.random.default_rng(0)
    net = Branches(a=conv(3, 2, 1, rng), b=conv(3, 2, 3, rng, pad=1))
    for layer in net.layers.values():
        layer.input_gradient = False
    y = net(np.ones((1, 3, 4, 4), "float32"))
    assert net.backward(np.ones_like(y)) is None


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="PyTorch is not installed")


class TestAgainstPyTorch:
    """Values and gradients of PyTorch's modules with the same parameters."""

    def test_batch_normalization(self, torch):
        rng = np.random.default_rng(0)
        x, dy = rng.standard_normal((2, 5, 3, 4, 6))
        ours, theirs = BatchNorm(3).astype("float64"), torch.nn.BatchNorm2d(3, momentum=0.1).double()
        W, b = rng.standard_normal((2, 3))
        ours.params.update(W=W, b=b)
        with torch.no_grad():
            theirs.weight.copy_(torch.from_numpy(W))
            theirs.bias.copy_(torch.from_numpy(b))
        xt = torch.from_numpy(x).requires_grad_()
        yt = theirs(xt)
        yt.backward(torch.from_numpy(dy))
        np.testing.assert_allclose(ours(x), yt.detach().numpy(), atol=1e-12)
        np.testing.assert_allclose(ours.backward(dy), xt.grad.numpy(), atol=1e-12)
        np.testing.assert_allclose(ours.grads["W"], theirs.weight.grad.numpy(), atol=1e-12)
        np.testing.assert_allclose(ours.buffers["var"], theirs.running_var.numpy(), atol=1e-12)
        np.testing.assert_allclose(ours.eval()(x), theirs.eval()(xt).detach().numpy(), atol=1e-12)

    @pytest.mark.parametrize("kit", [layers, fast], ids=["textbook", "fast"])
    @pytest.mark.parametrize("stride", [1, 2])
    @pytest.mark.parametrize(("kind", "value"), [("MaxPool", -np.inf), ("AvgPool", 0.0)])
    def test_pooling_with_padding(self, torch, kit, stride, kind, value):
        rng = np.random.default_rng(0)
        x = rng.standard_normal((2, 3, 5, 6)) - 3  # below zero: padding with zeros would be the maximum
        ours = Sequential(pad=Pad(1, value=value), pool=getattr(kit, kind)(3, stride))
        theirs = getattr(torch.nn, f"{kind}2d")(3, stride, padding=1)
        xt = torch.from_numpy(x).requires_grad_()
        y, yt = ours(x), theirs(xt)
        dy = rng.standard_normal(y.shape)
        yt.backward(torch.from_numpy(dy))
        np.testing.assert_allclose(y, yt.detach().numpy(), atol=1e-12)
        np.testing.assert_allclose(ours.backward(dy), xt.grad.numpy(), atol=1e-12)

    def test_depthwise_separable_convolution(self, torch):
        rng = np.random.default_rng(0)
        net, x = separable(4, 6, 3, std=1.0, rng=rng).astype("float64"), rng.standard_normal((2, 4, 5, 6))
        state = {name: torch.from_numpy(value) for name, value in net.state().items()}
        y = torch.conv2d(torch.from_numpy(x), state["depthwise.W"], state["depthwise.b"], padding=1, groups=4)
        y = torch.conv2d(y, state["pointwise.W"], state["pointwise.b"])
        np.testing.assert_allclose(net(x), y.numpy(), atol=1e-12)


def test_variants_may_follow_layers_of_the_fast_kit():
    rng = np.random.default_rng(0)
    net = cifar_80sec(rng=rng)
    layers = {name: layer for name, layer in net.layers.items() if name not in ("flatten", "fc4", "relu4", "fc5")}
    small = Sequential(**layers, norm=BatchNorm(64), mean=GlobalAvgPool(), fc=Dense(64, 10, rng=rng))
    assert small(rng.standard_normal((2, 3, 32, 32)).astype("float32")).shape == (2, 10)
    assert small.backward(np.ones((2, 10), "float32")) is None

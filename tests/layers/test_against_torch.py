"""Every layer, and the whole of AlexNet, against PyTorch: forward, and backward against its autograd.

PyTorch's local response normalization divides alpha by n, so it is given n times ours.
"""

import numpy as np
import pytest
from cases import CASES, over_cases, over_kits, relative

from minialex.models import alexnet_single

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
F = torch.nn.functional


def conv2d(x, W, b, *sizes, stride=1, pad=0, groups=1):
    before, after = (pad, pad) if isinstance(pad, int) else pad
    return F.conv2d(F.pad(x, (before, after, before, after)), W, b, stride=stride, groups=groups)


def max_pool(x, kernel=3, stride=2, *, ceil=False):
    return F.max_pool2d(x, kernel, stride, ceil_mode=ceil)


def avg_pool(x, kernel, stride, *, ceil=False):
    return F.avg_pool2d(x, kernel, stride, ceil_mode=ceil)


def batch_norm(x, *parameters_and_channels, eps=1e-5, scale=True):
    *W, b, _ = parameters_and_channels
    return F.batch_norm(x, None, None, W[0] if scale else None, b, training=True, eps=eps)


def local2d(x, W, b, C, C_out, K, side, *, pad=0):
    y = torch.einsum("pof,nfp->nop", W, F.unfold(x, K, padding=pad))
    return y.reshape(len(x), *b.shape) + b


def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75, *, average=False, across="channels", groups=1):
    if across == "space":
        mean = F.avg_pool2d(x**2, n, stride=1, padding=n // 2)  # zeros at the edge count in the mean
        return x / (k + alpha * (1 if average else n * n) * mean) ** beta
    alpha = alpha * (1 if average else n)
    return torch.cat([F.local_response_norm(part, n, alpha, beta, k) for part in x.chunk(groups, dim=1)], dim=1)


# fmt: off
TORCH = {
    "Conv2D":  conv2d,
    "Dense":   lambda x, W, b, *sizes: F.linear(x, W, b),
    "MaxPool": max_pool,
    "AvgPool": avg_pool,
    "LRN":     lrn,
    "Flatten": lambda x: x.flatten(1),
    "ReLU":    F.relu,
    "Tanh":    torch.tanh,
    "Sigmoid": torch.sigmoid,
    "Softmax": lambda x: F.softmax(x, dim=1),
    "BatchNorm": batch_norm,
    "Local2D": local2d,
    "Scale":   lambda x, factor: factor * x,
}
# fmt: on


def tensor(array):
    return torch.tensor(np.asarray(array), requires_grad=True)


@over_cases(*TORCH)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-4)])
def test_layer(kit, case, dtype, tolerance):
    rng = np.random.default_rng(0)
    layer, x = case.build(kit, rng).astype(dtype), case.x(rng).astype(dtype)
    inputs = {"x": tensor(x), **{name: tensor(value) for name, value in layer.params.items()}}
    theirs = TORCH[case.kind](*inputs.values(), *case.make.args, **case.make.settings)

    y = layer.forward(x)
    dy = rng.standard_normal(y.shape).astype(dtype)
    theirs.backward(torch.tensor(dy))
    assert relative(y, theirs.detach()) < tolerance
    ours = {"x": layer.backward(dy), **layer.grads}
    for name, variable in inputs.items():
        assert relative(ours[name], variable.grad) < tolerance, name


@over_kits
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-4)])
def test_head(kit, dtype, tolerance):
    rng = np.random.default_rng(0)
    logits, labels = (5 * rng.standard_normal((6, 10))).astype(dtype), rng.integers(0, 10, 6)
    head, theirs = kit.SoftmaxCrossEntropy(), tensor(logits)
    loss = F.cross_entropy(theirs, torch.tensor(labels))
    loss.backward()
    assert head.forward(logits, labels) == pytest.approx(loss.item(), rel=tolerance)
    assert relative(head.backward(), theirs.grad) < tolerance


def test_the_table_covers_every_layer():
    assert {*TORCH, "Dropout"} == {case.kind for case in CASES.values()}


# -- the whole net ------------------------------------------------------------------------------------------------


def photographs(n, size, rng):
    """Draw pixels about their mean: large smooth patches and a little noise, as in photographs, not white noise."""
    coarse = rng.standard_normal((n, 3, 1 + size // 16, 1 + size // 16))
    smooth = np.kron(coarse, np.ones((16, 16)))[:, :, :size, :size]
    return (50 * smooth + 10 * rng.standard_normal((n, 3, size, size))).astype("float32")


def loud_state(net, rng):
    """Return weights of deviation sqrt(2 / inputs): no layer's output vanishes, so that every gradient matters."""
    state = net.state()
    for name, value in state.items():
        scale = float(2 / np.prod(value.shape[1:])) ** 0.5 if name.endswith("W") else 0.1
        state[name] = scale * rng.standard_normal(value.shape, dtype="float32")
    return state


def alexnet_in_torch(x, p):
    """Compute Figure 2 and section 3 of the paper, in evaluation: dropout multiplies by 0.5."""
    x = max_pool(lrn(F.relu(conv2d(x, p["conv1.W"], p["conv1.b"], stride=4)), groups=2))
    x = max_pool(lrn(F.relu(conv2d(x, p["conv2.W"], p["conv2.b"], pad=2, groups=2)), groups=2))
    x = F.relu(conv2d(x, p["conv3.W"], p["conv3.b"], pad=1))
    x = F.relu(conv2d(x, p["conv4.W"], p["conv4.b"], pad=1, groups=2))
    x = max_pool(F.relu(conv2d(x, p["conv5.W"], p["conv5.b"], pad=1, groups=2)))
    x = 0.5 * F.relu(F.linear(x.flatten(1), p["fc6.W"], p["fc6.b"]))
    x = 0.5 * F.relu(F.linear(x, p["fc7.W"], p["fc7.b"]))
    return F.linear(x, p["fc8.W"], p["fc8.b"])


@pytest.mark.slow
@over_kits
def test_alexnet(kit):
    rng = np.random.default_rng(0)
    net, head = alexnet_single(rng=rng, image_size=227, kit=kit).eval(), kit.SoftmaxCrossEntropy()
    net.load_state(loud_state(net, rng))
    images, labels = photographs(2, 227, rng), np.array([3, 997])

    params = {name: tensor(value) for name, value in net.state().items()}
    logits = alexnet_in_torch(torch.tensor(images), params)
    F.cross_entropy(logits, torch.tensor(labels)).backward()

    y = net.forward(images)
    head.forward(y, labels)
    assert net.backward(head.backward()) is None
    assert relative(y, logits.detach()) < 1e-4
    errors = {}
    net.each_parameter(lambda name, layer, key: errors.update({name: relative(layer.grads[key], params[name].grad)}))
    assert errors.keys() == params.keys()
    assert max(errors.values()) < 1e-4, errors

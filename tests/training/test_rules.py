"""Update rules of after 2012: Nesterov, clipping and Adam, by hand and against PyTorch; label smoothing beside them."""

import copy

import numpy as np
import pytest

from minialex import Host, Sequential, check_gradients
from minialex.gradcases import Loss
from minialex.layers import Dense, ReLU, SoftmaxCrossEntropy
from minialex.training import SGD, Adam
from minialex.training.sgd_variants import clip_gradients


def net(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(fc1=Dense(3, 4, std=0.5, rng=rng), relu1=ReLU(), fc2=Dense(4, 2, std=0.5, rng=rng)).astype(
        "float64"
    )


def give_gradients(a, rng):
    for _, layer, key in a.parameters():
        layer.grads[key] = rng.standard_normal(layer.params[key].shape)


RULES = {
    "nesterov": (
        lambda a: SGD(a, 0.1, 0.9, 0.01, nesterov=True),
        lambda torch, p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    ),
    "clipped": (
        lambda a: SGD(a, 0.1, 0.9, 0.0, clip=0.5),
        lambda torch, p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    ),
    "adam": (
        lambda a: Adam(a, 0.01, betas=(0.8, 0.95), eps=1e-3),
        lambda torch, p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-3),
    ),
}


@pytest.mark.parametrize(("ours", "theirs"), RULES.values(), ids=RULES)
def test_five_steps_as_in_pytorch(ours, theirs):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    a, rng = net(), np.random.default_rng(1)
    parameters = {name: torch.nn.Parameter(torch.from_numpy(value)) for name, value in a.state().items()}
    rule, optimizer = ours(a), theirs(torch, list(parameters.values()))
    for _ in range(5):
        give_gradients(a, rng)
        for name, layer, key in a.parameters():
            parameters[name].grad = torch.from_numpy(layer.grads[key].copy())
        if getattr(rule, "clip", None):
            torch.nn.utils.clip_grad_norm_(parameters.values(), rule.clip)
        rule.step()
        optimizer.step()
    for name, value in a.state().items():
        np.testing.assert_allclose(value, parameters[name].detach().numpy(), rtol=1e-5, atol=1e-8)


def test_nesterov_by_hand():
    a = net()
    w, g1, g2 = a.state()["fc1.W"], *np.random.default_rng(2).standard_normal((2, 4, 3))
    sgd = SGD(a, 0.1, 0.5, 0.0, nesterov=True)
    give_gradients(a, np.random.default_rng(3))
    a["fc1"].grads["W"] = g1
    sgd.step()
    a["fc1"].grads["W"] = g2
    sgd.step()
    v1 = -0.1 * g1
    v2 = 0.5 * v1 - 0.1 * g2
    np.testing.assert_allclose(a["fc1"].params["W"], w + 0.5 * v1 - 0.1 * g1 + 0.5 * v2 - 0.1 * g2)


def test_adams_first_step_has_the_size_of_the_rate():
    a, rng = net(), np.random.default_rng(1)
    give_gradients(a, rng)
    before = a.state()
    Adam(a, 0.01).step()
    for name, layer, key in a.parameters():
        np.testing.assert_allclose(before[name] - a.state()[name], 0.01 * np.sign(layer.grads[key]), rtol=1e-5)


def test_adams_decay_is_decoupled_and_spares_the_biases():
    a = net()
    a["fc1"].params["b"] += 1
    before = a.state()
    for _, layer, key in a.parameters():
        layer.grads[key] = 0 * layer.params[key]
    Adam(a, 0.1, weight_decay=0.5).step()
    np.testing.assert_allclose(a.state()["fc1.W"], 0.95 * before["fc1.W"])
    np.testing.assert_array_equal(a.state()["fc1.b"], before["fc1.b"])


@pytest.mark.parametrize(
    "make", [lambda a: Adam(a, 0.01), lambda a: SGD(a, 0.1, nesterov=True, clip=1.0)], ids=["adam", "sgd"]
)
def test_a_rule_that_is_saved_and_loaded_continues_exactly(make):
    a = net()
    one = make(a)
    for seed in (1, 2):
        give_gradients(a, np.random.default_rng(seed))
        one.step()
    b = copy.deepcopy(a).to(Host(workers=1))
    two = make(b)
    two.load_state(one.state())
    for pair in ((a, one), (b, two)):
        give_gradients(pair[0], np.random.default_rng(3))
        pair[1].step()
    for name, value in a.state().items():
        np.testing.assert_array_equal(value, b.state()[name])


def test_frozen_layers_and_new_heads():
    a = net()
    rule = Adam(a, 0.01)
    a["fc1"].trainable = False
    before = a.state()
    give_gradients(a, np.random.default_rng(1))
    rule.step()
    np.testing.assert_array_equal(a.state()["fc1.W"], before["fc1.W"])
    a.replace("fc2", Dense(4, 5, rng=np.random.default_rng(2)).astype("float64"))
    give_gradients(a, np.random.default_rng(2))
    rule.step()
    assert rule.squares["fc2.W"].shape == (5, 4)


def test_clipping_scales_all_gradients_together_and_small_ones_not():
    a = net()
    give_gradients(a, np.random.default_rng(1))
    norm = np.sqrt(sum(np.sum(layer.grads[key] ** 2) for _, layer, key in a.parameters()))
    grads = {name: layer.grads[key].copy() for name, layer, key in a.parameters()}
    assert clip_gradients(a, 2 * norm) == pytest.approx(norm)
    np.testing.assert_array_equal(a["fc1"].grads["W"], grads["fc1.W"])
    clip_gradients(a, norm / 4)
    for name, layer, key in a.parameters():
        np.testing.assert_allclose(layer.grads[key], grads[name] / 4)
    a["fc1"].grads["W"][0, 0] = np.inf
    assert clip_gradients(a, 1.0) == np.inf
    assert np.isfinite(a["fc2"].grads["W"]).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda a: SGD(a, 0.1, clip=0), "clip to be positive, or None, got 0"),
        (lambda a: Adam(a, 0.1, betas=(1.0, 0.9)), "beta1 to be a number, 0 <= beta1 < 1"),
        (lambda a: Adam(a, 0), "lr to be positive"),
        (lambda a: SoftmaxCrossEntropy(1.0), "smoothing to be a number, 0 <= smoothing < 1, got 1.0"),
    ],
)
def test_nonsense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make(net())


def test_adam_wants_gradients_first():
    with pytest.raises(RuntimeError, match=r"Adam: fc1\.W has no gradient yet"):
        Adam(net(), 0.1).step()


def test_smoothed_labels():
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((3, 4)), np.array([3, 0, 1])
    head = SoftmaxCrossEntropy(smoothing=0.2)
    target = 0.8 * np.eye(4)[labels] + 0.05
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    assert head(logits, labels) == pytest.approx(-np.sum(target * log_p) / 3)
    np.testing.assert_allclose(head.backward(), (np.exp(log_p) - target) / 3)
    assert check_gradients(Loss(labels, SoftmaxCrossEntropy(smoothing=0.2)), logits, rng=rng)["x"] < 1e-6
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    theirs = torch.nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels), label_smoothing=0.2)
    assert head(logits, labels) == pytest.approx(theirs.item())

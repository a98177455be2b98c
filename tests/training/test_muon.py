"""Muon: the iteration against the singular value decomposition, the rule by hand and against PyTorch, its state."""

import copy

import numpy as np
import pytest

from minialex import Host, Sequential
from minialex.layers import Conv2D, Dense, Flatten, ReLU
from minialex.training import SGD, Muon
from minialex.training.muon import COEFFICIENTS, orthogonalized
from minialex.variants import BatchNorm, Local2D


def net(seed=0, dtype="float64"):
    rng = np.random.default_rng(seed)
    return Sequential(
        conv1=Conv2D(2, 4, 3, std=0.5, rng=rng), norm1=BatchNorm(4), relu1=ReLU(), flatten=Flatten(),
        fc2=Dense(16, 6, std=0.5, rng=rng), fc3=Dense(6, 3, std=0.5, rng=rng),
    ).astype(dtype)  # fmt: skip


def give_gradients(a, rng):
    for _, layer, key in a.parameters():
        layer.grads[key] = rng.standard_normal(layer.params[key].shape).astype(layer.params[key].dtype)


# -- the iteration ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (6, 6), (1, 7), (64, 216)])
@pytest.mark.parametrize("steps", [1, 3, 5])
def test_it_changes_the_singular_values_and_not_the_vectors(shape, steps):
    G = np.random.default_rng(1).standard_normal(shape)
    U, s, Vt = np.linalg.svd(G, full_matrices=False)
    s, (a, b, c) = s / np.linalg.norm(s), COEFFICIENTS
    for _ in range(steps):
        s = a * s + b * s**3 + c * s**5
    np.testing.assert_allclose(orthogonalized(np, G, steps), U * s @ Vt, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_after_five_steps_singular_values_are_near_1(dtype):
    rng = np.random.default_rng(2)
    U, V = (np.linalg.qr(rng.standard_normal((n, 20)))[0] for n in (30, 50))
    s = np.geomspace(1, 0.003, 20)
    X = orthogonalized(np, (U * s @ V.T).astype(dtype))
    got = np.linalg.svd(X, compute_uv=False)
    assert (got[got > 0.1] > 0.68).all()
    assert got.max() < 1.21
    assert (got > 0.1).sum() == 20
    np.testing.assert_allclose(U.T @ X @ V, np.diag(np.diag(U.T @ X @ V)), atol=1e-4)
    assert X.dtype == dtype


def test_its_scale_is_lost_and_zeros_stay():
    G = np.random.default_rng(3).standard_normal((4, 6))
    np.testing.assert_allclose(orthogonalized(np, 1000 * G), orthogonalized(np, G), atol=1e-5)
    assert not orthogonalized(np, 0 * G).any()


# -- the rule -----------------------------------------------------------------------------------------------------


def test_one_step_by_hand():
    a, rng = net(), np.random.default_rng(1)
    give_gradients(a, rng)
    before, g = a.state(), {f"{layer.name}.{key}": layer.grads[key] for _, layer, key in a.parameters()}
    Muon(a, 0.1, 0.5, 0.01, bias_lr=0.3, bias_decay=0.0, others_lr=0.2, nesterov=False).step()
    for name, value in a.state().items():
        if name in ("conv1.W", "fc2.W"):
            W = before[name]
            step = orthogonalized(np, g[name].reshape(len(W), -1)).reshape(W.shape)
            np.testing.assert_allclose(value, W - 0.1 * (step + 0.01 * W), err_msg=name)
        elif name in ("fc3.W", "norm1.W"):  # the last layer, and no matrix
            np.testing.assert_allclose(value, before[name] - 0.2 * (g[name] + 0.01 * before[name]), err_msg=name)
        elif name.endswith(".b"):
            np.testing.assert_allclose(value, before[name] - 0.3 * g[name], err_msg=name)


@pytest.mark.parametrize("nesterov", [True, False])
def test_five_steps_against_pytorch(nesterov):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    a, rng = net(), np.random.default_rng(1)
    rule = Muon(a, 0.05, 0.6, 0.02, bias_lr=0.01, others_lr=0.03, nesterov=nesterov, unit_kernels=True)
    theirs = {name: torch.from_numpy(value.copy()) for name, value in a.state().items()}
    matrices = {name: torch.zeros_like(theirs[name]) for name in ("conv1.W", "fc2.W")}
    rest = {name: torch.nn.Parameter(theirs[name]) for name, *_ in a.parameters() if name not in matrices}
    groups = [{"params": [w for name, w in rest.items() if name.endswith(key)], "lr": lr} for key, lr in
              (("W", 0.03), ("b", 0.01))]  # fmt: skip
    sgd = torch.optim.SGD(groups, momentum=0.6, weight_decay=0.02, nesterov=nesterov)
    for _ in range(5):
        give_gradients(a, rng)
        grads = {name: torch.from_numpy(layer.grads[key].copy()) for name, layer, key in a.parameters()}
        rule.step()
        for name, w in rest.items():
            w.grad = grads[name]
        sgd.step()
        for name, v in matrices.items():
            W, g = theirs[name], grads[name]
            v.mul_(0.6).add_(g)
            W.mul_(len(W) ** 0.5 / W.norm())
            u = g + 0.6 * v if nesterov else v
            W.sub_(0.05 * (newton_schulz(torch, u.flatten(1)).reshape(W.shape) + 0.02 * W))
    for name, value in a.state().items():
        known = rest[name].detach() if name in rest else theirs[name]
        np.testing.assert_allclose(value, known.numpy(), rtol=1e-6, atol=1e-9, err_msg=name)


def newton_schulz(torch, G):
    a, b, c = COEFFICIENTS
    X = G / (torch.linalg.matrix_norm(G) + 1e-7)
    for _ in range(5):
        X = a * X + b * X @ X.T @ X + c * X @ X.T @ X @ X.T @ X
    return X


def test_unit_kernels_have_a_norm_of_1_on_average_before_the_step():
    a = net()
    for _, layer, key in a.parameters():
        layer.grads[key] = 0 * layer.params[key]
    Muon(a, 0.1, unit_kernels=True).step()
    assert np.sum(a["conv1"].params["W"] ** 2) == pytest.approx(4)
    before = net()
    ratio = a["conv1"].params["W"] / before["conv1"].params["W"]
    np.testing.assert_allclose(ratio, ratio[0, 0, 0, 0])
    np.testing.assert_array_equal(a["fc3"].params["W"], before["fc3"].params["W"])


def test_rates_follow_layers_and_schedule():
    a = net()
    rule = Muon(a, 0.1, bias_lr=0.3, others_lr=0.2, lr_factors={"conv1": 2.0, "fc3": 3.0})
    give_gradients(a, np.random.default_rng(1))
    rule.step()
    rule.factor = 0.5
    rates = {name: rule._rate(name) for name, *_ in a.parameters()}
    assert rates == pytest.approx({
        "conv1.W": 0.1, "conv1.b": 0.3, "norm1.W": 0.1, "norm1.b": 0.15, "fc2.W": 0.05, "fc2.b": 0.15,
        "fc3.W": 0.3, "fc3.b": 0.45,
    })  # fmt: skip


def test_layers_that_are_updated_as_sgd_does():
    a = net()
    rule = Muon(a, 0.1, others=["conv1"])
    give_gradients(a, np.random.default_rng(1))
    rule.step()
    assert rule.momenta.keys() == {"fc2.W", "fc3.W"}
    assert "conv1.W" in rule.velocity
    local = Sequential(local1=Local2D(1, 2, 2, 3, rng=np.random.default_rng(0)), flatten=Flatten(),
                       fc2=Dense(8, 2, rng=np.random.default_rng(0)))  # fmt: skip
    rule = Muon(local, 0.1)
    give_gradients(local, np.random.default_rng(1))
    rule.step()
    assert not rule.momenta


def test_frozen_layers_and_new_ones():
    a = net()
    rule = Muon(a, 0.1)
    a["conv1"].trainable = False
    before = a.state()
    give_gradients(a, np.random.default_rng(1))
    rule.step()
    np.testing.assert_array_equal(a.state()["conv1.W"], before["conv1.W"])
    a.replace("fc2", Dense(16, 6, rng=np.random.default_rng(2)).astype("float64"))
    a.replace("flatten", Flatten())
    give_gradients(a, np.random.default_rng(2))
    rule.step()
    assert rule.momenta["fc2.W"].shape == (6, 16)


def test_a_rule_that_is_saved_and_loaded_continues_exactly():
    a = net(dtype="float32")
    one = Muon(a, 0.1, unit_kernels=True)
    for seed in (1, 2):
        give_gradients(a, np.random.default_rng(seed))
        one.step()
    b = copy.deepcopy(a).to(Host(workers=1))
    two = Muon(b, 0.1, unit_kernels=True)
    two.load_state(one.state())
    assert one.state().keys() == two.state().keys() == {
        "momenta/conv1.W", "momenta/fc2.W", "fc3.W", "norm1.W", "conv1.b", "norm1.b", "fc2.b", "fc3.b",
    }  # fmt: skip
    for pair in ((a, one), (b, two)):
        give_gradients(pair[0], np.random.default_rng(3))
        pair[1].step()
    for name, value in a.state().items():
        np.testing.assert_array_equal(value, b.state()[name])


def test_states_of_other_rules_are_refused():
    a = net()
    give_gradients(a, np.random.default_rng(1))
    muon, sgd = Muon(a, 0.1), SGD(a, 0.1)
    muon.step()
    sgd.step()
    with pytest.raises(ValueError, match=r"Muon: expected momenta/conv1\.W, got conv1\.W; use a state that Muon"):
        Muon(a, 0.1).load_state(sgd.state())
    with pytest.raises(ValueError, match=r"SGD: expected velocities of this net, got .*momenta/conv1"):
        SGD(a, 0.1).load_state(muon.state())
    with pytest.raises(ValueError, match="use a state of the same net"):
        Muon(a, 0.1).load_state({**muon.state(), "momenta/conv1.W": np.zeros(3)})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lr": 0}, "lr to be positive"),
        ({"momentum": 1.0}, "momentum to be a number, 0 <= momentum < 1"),
        ({"others_lr": -1.0}, "Muon: expected others_lr to be a number"),
        ({"others": ["fc9"]}, "Muon: expected others to be names of layers, got 'fc9'; did you mean 'fc"),
        ({"steps": 0}, "Muon: expected steps to be an integer >= 1"),
    ],
)
def test_nonsense_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Muon(net(), **settings)


def test_it_wants_gradients_first():
    with pytest.raises(RuntimeError, match=r"Muon: conv1\.W has no gradient yet"):
        Muon(net(), 0.1).step()

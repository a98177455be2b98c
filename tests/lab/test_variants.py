"""The variants' nets at equal cost, and what is measured besides errors."""

import json

import numpy as np
import pytest

from minialex import summary
from minialex.devices import host
from minialex.kits import complete
from minialex.lab import variant_table as table
from minialex.lab import variants as lab
from minialex.lab.calibration import CountedClipping, calibration
from minialex.lab.frame.entry import Entry, levels
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.layers import Dense, ReLU
from minialex.sequential import Sequential
from minialex.variants import separable

ENTRIES = {name: entry for entries in lab.GROUPS.values() for name, entry in entries.items()}
PLAIN_COST, PLAIN_PARAMETERS = 3_720_448, 156_842


def built(name, **settings):
    options = {"rng": np.random.default_rng(0), "classes": 10, "image_size": 32, "channels": 3}
    return ENTRIES[name].net(**{**options, **settings})


def test_multiply_adds_are_those_of_the_plain_net_within_four_percent():
    cheaper = {"separable conv2 and conv3"}  # which shows what is saved
    costs = {name: summary(built(name), (3, 32, 32)).multiply_adds / PLAIN_COST for name in ENTRIES}
    assert costs["plain"] == 1
    assert all(0.96 < cost < 1.04 for name, cost in costs.items() if name not in cheaper)
    assert costs["separable conv2 and conv3"] < 0.5


def test_parameters_by_hand():
    parameters = {name: summary(built(name), (3, 32, 32)).parameters for name in ENTRIES}
    conv3 = 64 * (32 * 9 + 1)
    assert parameters["plain"] == PLAIN_PARAMETERS
    assert parameters["batch normalization"] == PLAIN_PARAMETERS + 2 * (16 + 32 + 64)
    assert parameters["batch normalization, of pixels too"] == parameters["batch normalization"] + 2 * 3
    assert parameters["global average pooling"] == PLAIN_PARAMETERS - 128 * 1025 - 1290 + 650
    assert parameters["local conv3"] == PLAIN_PARAMETERS - conv3 + 64 * 64 * (32 * 9 + 1)
    separable = (16 * 10 + 32 * 17) + (32 * 10 + 64 * 33)
    assert parameters["separable conv2 and conv3"] == PLAIN_PARAMETERS - 32 * 145 - conv3 + separable
    inception = 16 * 33 + 28 * 33 + 24 * (28 * 9 + 1) + 24 * 33 + 16 * (24 * 25 + 1) + 8 * 33
    assert parameters["Inception module for conv3"] == PLAIN_PARAMETERS - conv3 + inception
    two = 30 * (32 * 9 + 1) + 30 * (30 * 9 + 1) + 64 * 31
    assert parameters["two convolutions for conv3"] == PLAIN_PARAMETERS - conv3 + two
    assert parameters["two for conv3, residual"] == parameters["two convolutions for conv3"]
    assert all(parameters[name] == PLAIN_PARAMETERS for name in (*lab.TRAINING, *lab.INITIALIZATION))


@pytest.mark.parametrize("name", sorted({*lab.ARCHITECTURE} - {"global average pooling"}))
def test_the_dense_layers_are_those_of_the_plain_net(name):
    assert built(name)["fc4"].params["W"].shape == built("plain")["fc4"].params["W"].shape


@pytest.mark.parametrize("name", lab.ARCHITECTURE)
def test_every_parameter_of_every_net_gets_a_gradient(name):
    net = built(name).train()
    y = net.forward(np.random.default_rng(1).standard_normal((4, 3, 32, 32), dtype="float32"))
    net.backward(np.random.default_rng(2).standard_normal(y.shape, dtype="float32"))
    assert all(np.abs(layer.grads[key]).max() > 0 for _, layer, key in net.parameters() if key == "W")


def test_where_the_normalization_is():
    order = {name: [*built(name).layers] for name in ENTRIES}
    assert order["LRN, then pooling"][:4] == ["conv1", "unit1", "norm1", "pool1"]
    assert order["pooling, then LRN"][:4] == ["conv1", "unit1", "pool1", "norm1"]
    assert order["batch normalization after ReLU"][:4] == ["conv1", "unit1", "norm1", "pool1"]
    assert order["batch normalization, of pixels too"][0] == "norm0"
    assert [*built("batch normalization")["conv1"].layers] == ["conv", "norm"]


def test_separable_convolutions_do_not_cure_vanishing_gradients():
    """With N(0, 0.01) a gradient shrinks by 0.01 * sqrt(9 * 16 / 2) a layer; by 0.03 and 0.01 * sqrt(16 / 2) in two."""
    kit, layers = complete(host.kit, 0.01), 6

    def factor(build):
        rng = np.random.default_rng(0)
        net = Sequential(*(part for _ in range(layers) for part in (build(rng), ReLU())))
        dy = rng.standard_normal(net.train().forward(rng.standard_normal((8, 16, 16, 16))).shape)
        return (net.backward(dy).std() / dy.std()) ** (1 / layers)

    plain = factor(lambda rng: kit.Conv2D(16, 16, 3, pad=1, rng=rng))
    in_two = factor(lambda rng: separable(16, 16, 3, rng=rng, kit=kit))
    assert plain == pytest.approx(0.085, rel=0.1)
    assert in_two == pytest.approx(0.00085, rel=0.1)


def test_the_normalization_of_the_input_is_of_pixels():
    on_pixels = {name for name, entry in lab.ARCHITECTURE.items() if entry.inputs is levels}
    assert on_pixels == {"pixels", "batch normalization, pixels", "batch normalization, of pixels too"}


def test_initial_weights():
    weights = {name: built(name)["conv3"].params["W"].std() for name in lab.INITIALIZATION}
    assert weights["plain"] == pytest.approx(np.sqrt(2 / (32 * 9)), rel=0.03)
    assert weights["Xavier"] == pytest.approx(np.sqrt(2 / (32 * 9 + 64 * 9)), rel=0.03)
    assert weights["N(0, 0.01)"] == weights["N(0, 0.01), pixels"] == pytest.approx(0.01, rel=0.03)
    assert weights["variance 0.01: N(0, 0.1)"] ** 2 == pytest.approx(0.01, rel=0.06)
    net = built("N(0, 0.01), pixels, biases 1")
    biases = {name: float(layer.params["b"].mean()) for name, layer in net.layers.items() if layer.params}
    assert biases == {"conv1": 0, "conv2": 1, "conv3": 1, "fc4": 1, "output": 0}


def test_calibration_by_hand():
    p = np.array([[0.9, 0.1], [0.9, 0.1], [0.45, 0.55], [0.3, 0.7]])
    labels = np.array([0, 1, 1, 1])
    # 0.9 twice, half of them right; 0.55 and 0.7, both right, in bins of their own
    error = (2 * abs(0.5 - 0.9) + abs(1 - 0.55) + abs(1 - 0.7)) / 4
    for outputs in ([(p, labels)], [(p[:3], labels[:3]), (p[3:], labels[3:])]):
        result = calibration(outputs)
        assert result["confidence"] == pytest.approx((0.9 + 0.9 + 0.55 + 0.7) / 4)
        assert result["calibration_error"] == pytest.approx(error)
    assert calibration([(np.eye(2), np.array([0, 1]))]) == {"confidence": 1, "calibration_error": 0}


def test_clipped_steps_are_counted_and_updated_as_sgd_does():
    net = Sequential(fc=Dense(2, 1, rng=np.random.default_rng(0)))
    net["fc"].params["W"] = np.zeros((1, 2), dtype="float32")
    rule = CountedClipping(net, 1.0, momentum=0.0, weight_decay=0.0, clip=1.0)
    for gradient in ([[3.0, 4.0]], [[0.3, 0.4]]):
        net["fc"].grads = {"W": np.array(gradient, dtype="float32"), "b": np.zeros(1, dtype="float32")}
        rule.step()
    assert (rule.clipped, rule.steps) == (1, 2)
    np.testing.assert_allclose(net["fc"].params["W"], [[-0.6 - 0.3, -0.8 - 0.4]], rtol=1e-6)


def test_the_largest_rate_is_the_last_at_which_the_net_learns(tmp_path):
    class Row(Entry):
        def errors(self, dataset, *, lr, **training):
            return {"train_error": 0.9, "diverged": True} if lr > 0.2 else {"train_error": 0.1 if lr < 0.05 else 0.6}

    results, settings = Results(tmp_path, {}), Settings(tmp_path, "shapes", 10, 1, 1)
    row = Row(net=lambda **settings: None)
    assert table.largest_rate(results, "row", row, settings.dataset(), settings, 0.003) == "0.03"
    assert table.learns({"train_error": 0.45}, 10)
    assert not table.learns({"train_error": 0.46}, 10)


def test_a_group_in_small_has_its_picture_and_both_tables(tmp_path, monkeypatch):
    monkeypatch.setattr("minialex.lab.frame.rates.GRID", (0.003, 0.01, 0.03))
    few = {name: lab.TRAINING[name] for name in ("plain", "label smoothing 0.1", "gradients clipped at 1")}
    monkeypatch.setitem(lab.GROUPS, "training", few)
    text = lab.variants(Settings(tmp_path, "shapes", 20, 1, 1), group="training")
    assert (tmp_path / "table.md").read_text() == text + "\n"
    assert (tmp_path / "training.png").stat().st_size > 5000
    head, _, *rows = text.split("\n\n")[-1].splitlines()
    assert head.endswith("| accuracy | confidence | calibration error | steps clipped |")
    assert [row.split(" | ")[0] for row in rows] == [f"| {name}" for name in few]
    assert rows[-1].endswith("100.00 |")  # every step of an untrained net is clipped at 1
    kept = json.loads((tmp_path / "results.json").read_text())["results"]
    losses = {name: run["val_loss"] for name, run in kept.items() if name.endswith("rate 0.01, search")}
    assert len(set(losses.values())) == 3  # smoothing and clipping do change the training

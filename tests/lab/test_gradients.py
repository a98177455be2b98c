"""Gradients by depth: measured by hand, and what the experiment claims."""

import numpy as np
import pytest

from minialex.lab import gradients as lab
from minialex.lab.frame.settings import Settings
from minialex.lab.gradient_flow import WIDTH, chain, factor, flow_measures, rms
from minialex.lab.gradient_tables import cell, ratio, tables
from minialex.lab.unit_costs import CLASSES, KITS
from minialex.lab.units import UNITS, Identity

SIZES = {"classes": 4, "image_size": 4, "channels": 1}


def flow_of(unit, depth=6, weights="xavier", residual=False, seed=0):
    rng = np.random.default_rng(seed)
    net = chain(unit=unit, depth=depth, weights=weights, residual=residual, rng=rng, **SIZES)
    return flow_measures(net, rng.standard_normal((64, 1, 4, 4), dtype="float32"), rng.integers(0, 4, 64))


def test_the_root_mean_square_of_small_numbers_is_not_0():
    assert rms(np.array([3e-30, 4e-30], dtype="float32")) == pytest.approx(np.sqrt(12.5) * 1e-30)


def test_the_factor_is_a_geometric_mean():
    assert factor({"a": 1.0, "b": 2.0}, {"a": 4.0, "b": 2.0}, ["a", "b"]) == pytest.approx(2)
    assert factor({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 0.0}, ["a", "b"]) == 0


def test_a_gradient_is_that_of_the_layers_output_and_both_factors_multiply_to_it():
    """From the output of layer 6 down to that of layer 1 are five units, 2 to 6, and five dense layers."""
    for unit, error in ((Identity, 1e-6), (UNITS["tanh"], 0.1)):  # the mean over the units has unit 1 too
        result = flow_of(unit)
        assert len(result["gradient"]) == 6
        down = result["gradient"][0] / result["gradient"][-1]
        assert down == pytest.approx((result["unit"] * result["weights"]) ** 5, rel=error)


def test_the_gradient_of_the_last_layer_by_finite_differences():
    rng = np.random.default_rng(0)
    net = chain(unit=UNITS["tanh"], depth=2, weights="xavier", rng=rng, **SIZES)
    x, labels = rng.standard_normal((8, 1, 4, 4), dtype="float32"), rng.integers(0, 4, 8)
    result = flow_measures(net, x, labels)
    net.forward(x)
    p = np.exp(net.forward(x))
    p /= p.sum(axis=1, keepdims=True)
    dlogits = (p - np.eye(4)[labels]) / 8
    assert result["gradient"][-1] == pytest.approx(rms(dlogits @ net["output"].params["W"]), rel=1e-5)


def test_saturation_shrinks_the_gradient_and_large_weights_enlarge_it():
    """A tutorial says that saturation makes gradients explode: the unit's factor is never above 1."""
    tanh, linear = flow_of(UNITS["tanh"], weights=1.0), flow_of(Identity, weights=1.0)
    assert tanh["saturated"] > 0.5
    assert tanh["unit"] < 0.5
    assert linear["unit"] == pytest.approx(1)
    assert tanh["weights"] == pytest.approx(np.sqrt(WIDTH), rel=0.1)
    assert tanh["gradient"][0] < 0.05 * linear["gradient"][0]


def test_relu_does_not_prevent_vanishing_and_shortcuts_do():
    small, he = flow_of(UNITS["ReLU"], weights=0.01), flow_of(UNITS["ReLU"], weights="he")
    through = flow_of(UNITS["ReLU"], weights=0.01, residual=True)
    assert small["gradient"][0] < 1e-4 * small["gradient"][-1]
    assert 0.3 < he["gradient"][0] / he["gradient"][-1] < 3
    assert 0.5 < through["gradient"][0] / through["gradient"][-1] < 2
    assert 0.3 < he["zeros"] < 0.7
    assert he["zeros"] == he["saturated"]
    assert through.keys() == {"gradient"}


def test_the_sigmoid_vanishes_with_fan_in_weights_and_tanh_does_not():
    sigmoid, tanh = (ratio(flow_of(UNITS[name])) for name in ("sigmoid", "tanh"))
    assert sigmoid < 0.01 < 0.2 < tanh


def test_cells_by_hand():
    assert cell([1.0, 4.0]) == "2.00"
    assert cell([1e-6, 1e-8]) == "1e-07"
    assert cell([1.0, 0.0]) == "0e+00"


def test_the_tables_have_every_net_and_depth(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "DEPTHS", (2, 3))
    monkeypatch.setattr(lab, "NETS", {name: lab.NETS[name] for name in ("ReLU, He", "tanh, N(0, 0.01), residual")})
    settings = Settings(tmp_path, "shapes", 20, 1, 1, "gradients")
    text = lab.gradients(settings)
    assert (tmp_path / "table.md").read_text() == text + "\n"
    assert all((tmp_path / picture).stat().st_size > 5000 for picture in ("units.png", "gradients.png"))
    assert sum(line.startswith("| ReLU, He |") for line in text.splitlines()) == 2
    assert sum(line.startswith("| tanh, N(0, 0.01), residual |") for line in text.splitlines()) == 1
    assert "| unit, weights | 2 layers | 3 layers | 3 layers, after 1 steps |" in text
    monkeypatch.setattr(lab, "flow", pytest.fail)  # nothing is computed again
    assert lab.gradients(settings) == text


def test_a_training_that_diverges_has_no_measures_after_it():
    start = {"gradient": [1.0, 2.0], "unit": 0.5, "weights": 1.0, "zeros": 0.0, "saturated": 0.25}
    flows = {("tanh", 2): [{"start": start, "after": None, "loss": None}]}
    costs = {f"{kit}, {name}": [1.0, 2.0] for kit in KITS for name in CLASSES}
    lines = tables(flows, costs, 8).splitlines()
    assert "| tanh | 0.50 | diverged |  |" in lines
    assert "| tanh | 0.50 | 1.00 | 0.50 | 0.0 % |  | 25.0 % |  |" in lines


def test_only_some_trainings_that_diverge_are_counted():
    start = {"gradient": [1.0, 2.0], "unit": 0.5, "weights": 1.0, "zeros": 0.0, "saturated": 0.25}
    runs = [{"start": start, "after": after, "loss": 2.5} for after in (None, start, None)]
    costs = {f"{kit}, {name}": [1.0, 2.0] for kit in KITS for name in CLASSES}
    assert "| tanh | 0.50 | 0.50 (1 of 3 seeds) | 2.50 |" in tables({("tanh", 2): runs}, costs, 8).splitlines()


def test_no_gradient_at_all_is_a_ratio_of_0():
    assert ratio({"gradient": [0.0, 0.0]}) == 0
    assert ratio({"gradient": [1.0, 4.0]}) == 0.25


def test_the_picture_has_a_panel_for_each_rule_of_weights():
    flows = {(name, depth): [{"start": {"gradient": [0.0, 2.0, 3.0]}}] for name in lab.NETS for depth in (2, 3)}
    panels = lab.by_rule(flows, 3)
    assert list(panels) == ["N(0, 0.01)", "Xavier", "He", "N(0, 0.01), residual", "N(0, 1)"]
    assert list(panels["N(0, 1)"]) == ["sigmoid", "tanh", "no unit"]
    layers, gradient = panels["He"]["ReLU"]
    assert layers.tolist() == [1, 2, 3]
    assert gradient.tolist() == [1e-38, 2, 3]

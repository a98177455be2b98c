"""The ablation of the net after airbench: one thing is switched off in each row."""

import json
from dataclasses import fields

import numpy as np
import pytest

from minialex.data import load
from minialex.lab import airbench as lab
from minialex.lab.frame.settings import Settings
from minialex.models import whitening_kernels
from minialex.training import SGD, Lookahead, Muon, OneCycle, WeightAverage
from minialex.training.config import RunConfig
from minialex.training.rules import schedule_of, sgd_of

ENTRIES = lab.entries(4)
WHOLE = ENTRIES["cifar_airbench"]


def built(name):
    return ENTRIES[name].net(rng=np.random.default_rng(0), classes=10, image_size=32, channels=3)


def test_the_whole_is_the_recipe():
    config = RunConfig.new(model="cifar_airbench")
    same_rules(WHOLE, config, Muon)
    assert WHOLE.schedule == schedule_of(config)
    assert (WHOLE.smoothing, WHOLE.batch, WHOLE.average()) == (config.smoothing, config.batch, None)
    assert config.average == "none"
    steps = {"reflected-shift": lab.SHIFT, "alternating-reflection": lab.AlternatingReflection()}
    assert WHOLE.augment(None) == tuple(steps[name] for name in config.augment)


def same_rules(entry, config, kind):
    """Check that an entry's update rule is that of a run."""
    net = built("cifar_airbench")
    ours, of_run = entry.rule(net, config.lr), sgd_of(config, net)
    assert type(ours) is type(of_run) is kind
    for name, *_ in net.parameters():
        assert (ours._rate(name), ours._decay(name)) == (of_run._rate(name), of_run._decay(name)), name
    assert (ours.nesterov, ours.momentum) == (True, of_run.momentum)
    if kind is Muon:
        assert ours.unit_kernels == of_run.unit_kernels is True


def test_sgd_is_the_recipes_with_another_optimizer():
    config = RunConfig.new(model="cifar_airbench", optimizer="sgd", schedule="one-cycle:0.23")
    entry = ENTRIES["SGD and one-cycle, not Muon"]
    same_rules(entry, config, SGD)
    assert entry.schedule == schedule_of(config) == OneCycle(0.23)


@pytest.mark.parametrize(("name", "changed"), [
    ("first layer drawn and learned", {"net", "whitened"}),
    ("convolutions drawn, not identity", {"net"}),
    ("biases at the rate of weights", {"rule"}),
    ("... and scales learned", {"rule", "net"}),
    ("reflected at random, not in turns", {"augment"}),
    ("no augmentation", {"augment"}),
    ("labels not smoothed", {"smoothing"}),
    ("moving average of the weights", {"average"}),
    ("SGD and one-cycle, not Muon", {"rule", "schedule"}),
    ("... and lookahead", {"rule", "schedule", "average"}),
])  # fmt: skip
def test_one_thing_is_switched_off(name, changed):
    entry = ENTRIES[name]
    assert {one.name for one in fields(WHOLE) if getattr(entry, one.name) != getattr(WHOLE, one.name)} == changed


def test_what_is_switched_off():
    assert built("first layer drawn and learned")["whiten"].trainable
    assert not built("cifar_airbench")["whiten"].trainable
    assert (built("convolutions drawn, not identity")["conv3"].params["W"][0, 0] != 0).all()
    rule = ENTRIES["biases at the rate of weights"].rule(built("cifar_airbench"), 0.1)
    assert rule._rate("norm1.b") == rule._rate("fc7.W") == 0.375
    assert built("... and scales learned")["norm1"].scale
    assert type(ENTRIES["moving average of the weights"].average()) is WeightAverage
    ahead = ENTRIES["... and lookahead"].average()
    assert (type(ahead), ahead.decay) == (Lookahead, 0.987)


def test_the_first_layer_whitens_the_training_images():
    dataset = load("shapes", image_size=16).limit(40)
    layer = WHOLE.untrained(dataset, np.random.default_rng(0))["whiten"]
    images = lab.first_inputs(dataset.train, *WHOLE.inputs(dataset.train))
    np.testing.assert_array_equal(layer.params["W"], whitening_kernels(images))
    drawn = ENTRIES["first layer drawn and learned"].untrained(dataset, np.random.default_rng(0))["whiten"]
    assert (drawn.params["W"] != layer.params["W"]).any()


@pytest.mark.slow
def test_in_small(tmp_path, monkeypatch):
    monkeypatch.setattr("minialex.lab.frame.rates.GRID", (0.1, 0.3, 1.0))
    names = ("cifar_airbench", "moving average of the weights")
    monkeypatch.setattr(lab, "entries", lambda width: {name: ENTRIES[name] for name in names})
    text = lab.airbench(Settings(tmp_path, "shapes", 20, 1, 1, "airbench"), width=4)
    assert (tmp_path / "table.md").read_text() == text + "\n"
    kept = json.loads((tmp_path / "results.json").read_text())
    assert kept["settings"]["experiment"] == "airbench-4"
    assert all(run.keys() >= {"2 views", "6 views", "val_error"} for run in kept["results"].values())
    assert "| | error, 2 views | error, 6 views |" in text.replace("|  |", "| |")
    assert {name.split(", rate")[0] for name in kept["results"]} == set(names)
    with pytest.raises(ValueError, match="choose another --out"):
        lab.airbench(Settings(tmp_path, "shapes", 20, 1, 1, "airbench"), width=5)


def test_a_row_that_diverged_has_no_numbers():
    rows = {"one": [{"2 views": 0.1, "6 views": 0.2}, {"diverged": True}], "none": [{"diverged": True}]}
    assert lab.views_table(rows).splitlines()[2:] == ["| one | 10.00 | 20.00 |", "| none | diverged | diverged |"]

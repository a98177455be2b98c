"""The ablation of the fast net: one thing is switched off in each row."""

import json

import numpy as np
import pytest

from minialex.lab import race as lab
from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry, unit_variance
from minialex.lab.frame.net import class_net
from minialex.lab.frame.settings import Settings
from minialex.lab.two_groups import levels
from minialex.training import Fixed, OneCycle
from minialex.variants import BatchNorm

WHOLE = lab.ENTRIES["cifar_fast"]


def built(name):
    return lab.ENTRIES[name].net(rng=np.random.default_rng(0), classes=10, image_size=32, channels=3)


def norms(name):
    return [layer for layer, part in built(name).layers.items() if isinstance(part, BatchNorm)]


def test_the_whole_is_the_recipe():
    rule = WHOLE.rule(built("cifar_fast"), lab.RECIPE.lr / 2)
    assert (rule.lr, rule.bias_lr) == (lab.RECIPE.lr / 2, pytest.approx(lab.RECIPE.bias_lr / 2))
    assert rule.nesterov
    assert isinstance(WHOLE.schedule, OneCycle)
    assert WHOLE.inputs is unit_variance
    assert norms("cifar_fast") == ["norm1", "norm2", "norm3"]


@pytest.mark.parametrize(("name", "changed"), [
    ("fixed rate, not one-cycle", {"schedule"}),
    ("without batch normalization", {"net"}),
    ("N(0, 0.01), not He", {"net"}),
    ("momentum, not Nesterov's", {"rule"}),
    ("pixels, not unit variance", {"inputs"}),
    ("80sec's layers, not 3x3", {"net"}),
])  # fmt: skip
def test_one_thing_is_switched_off(name, changed):
    entry = lab.ENTRIES[name]
    assert {field for field in vars(WHOLE) if getattr(entry, field) != getattr(WHOLE, field)} == changed


def test_what_is_switched_off():
    assert lab.ENTRIES["fixed rate, not one-cycle"].schedule == Fixed()
    assert norms("without batch normalization") == []
    assert built("N(0, 0.01), not He")["conv3"].params["W"].std() == pytest.approx(0.01, rel=0.03)
    assert not lab.ENTRIES["momentum, not Nesterov's"].rule(built("cifar_fast"), 0.1).nesterov
    assert lab.ENTRIES["pixels, not unit variance"].inputs is levels
    other = built("80sec's layers, not 3x3")
    assert [*other.layers][:4] == ["conv1", "pool1", "norm1", "relu1"]
    assert norms("80sec's layers, not 3x3") == ["norm1", "norm2", "norm3"]
    assert other["conv2"].params["W"].shape == (32, 32, 5, 5)
    assert other["conv2"].params["W"].std() == pytest.approx(np.sqrt(2 / (32 * 25)), rel=0.03)


def test_in_small(tmp_path, monkeypatch):
    monkeypatch.setattr("minialex.lab.frame.rates.GRID", (0.003, 0.01, 0.03))
    monkeypatch.setattr(lab, "ENTRIES", {"cifar_fast": WHOLE})
    text = lab.race(Settings(tmp_path, "shapes", 20, 2, 2, "race"))
    assert (tmp_path / "table.md").read_text() == text + "\n"
    kept = json.loads((tmp_path / "results.json").read_text())["results"]
    assert len(kept) == 3 + 2  # rates in the search, seeds
    assert "| parameters | multiply-adds | CPU seconds | rate |" in text


def test_rates_are_searched_for_in_fewer_epochs(tmp_path, monkeypatch):
    monkeypatch.setattr("minialex.lab.frame.rates.GRID", (0.003, 0.01, 0.03))
    trainings = []

    def errors(entry, dataset, *, epochs, seed, **training):
        trainings.append((epochs, seed))
        return {"train_error": 0.5, "val_error": 0.5}

    monkeypatch.setattr(Entry, "errors", errors)
    settings = Settings(tmp_path, "shapes", 10, 5, 1, "race")
    compare({"net": Entry(net=class_net)}, settings, search_epochs=2)
    assert trainings == [(2, 1000)] * 3 + [(5, 0)]
    assert json.loads((tmp_path / "results.json").read_text())["settings"]["epochs"] == 5

"""Images until 25 % training error: interpolation by hand, the search, and its early end."""

import json
from dataclasses import replace
from functools import partial
from math import inf

import numpy as np
import pytest
from small_runs import colours

from minialex.data import Dataset
from minialex.lab import learning_speed as lab
from minialex.lab.frame.settings import Settings
from minialex.lab.gradient_flow import chain
from minialex.lab.relu import ENTRIES, factor_cell, images_cell, net_of_2012, search_table, speed_table
from minialex.lab.units import UNITS


def test_images_are_interpolated_between_the_middles_of_epochs():
    # errors 0.9 at 0, 0.6 at 50, 0.3 at 150, 0.2 at 250: 0.25 halfway between the last two
    assert lab.images_to([0.6, 0.3, 0.2], 100, 0.9) == pytest.approx(200)
    assert lab.images_to([0.6, 0.25, 0.1], 100, 0.9) == pytest.approx(150)
    assert lab.images_to([0.05], 100, 0.9) == pytest.approx(50 * 0.65 / 0.85)
    assert lab.images_to([0.6, 0.26], 100, 0.9) is None
    assert lab.images_to([0.2, 0.3], 100, 0.9) == pytest.approx(50 * 0.65 / 0.7)  # the first time


def run_of(images):
    """A function that is asked as a training is, and the rates and the most images that it was asked for."""
    asked = []

    def run(lr, seed, most):
        asked.append((lr, most))
        value = images.get(lr, 5000)
        return {"images": value if value < most else None, "errors": [0.5], "loss": 1.5}

    return run, asked


def test_the_search_ends_a_training_at_the_best_so_far():
    run, asked = run_of({0.003: 900, 0.01: 800, 0.03: 600, 0.1: 500, 0.3: 700})
    rate, runs = lab.searched(run, 1000)
    assert rate == 0.1
    assert sorted(runs) == [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]  # two on each side of each step
    assert runs[0.1]["images"] == 500
    assert asked[0] == (0.01, inf)
    assert dict(asked)[0.003] == 800
    assert dict(asked)[0.3] == 500


def test_the_search_without_any_that_gets_there_follows_the_loss():
    losses = {0.001: 2.3, 0.003: 2.2, 0.01: 2.1, 0.03: 1.9, 0.1: 2.0, 0.3: None}

    def run(lr, seed, most):
        return {"images": None, "loss": losses[lr], "errors": [0.5]}

    assert lab.searched(run, 1000)[0] == 0.03


def test_one_that_gets_there_is_better_than_any_loss():
    results = {0.001: (None, 0.2), 0.003: (None, 0.1), 0.01: (990, 1.0), 0.03: (None, None), 0.1: (None, None)}
    run = {lr: {"images": images, "loss": loss} for lr, (images, loss) in results.items()}
    assert lab.searched(lambda lr, seed, most: run[lr], 1000)[0] == 0.01


def test_a_training_ends_where_it_is_at_25_percent():
    dataset = Dataset("colours", ("red", "green", "blue"), colours(100, 0), colours(10, 1))
    training = {"lr": 3e-5, "epochs": 60, "seed": 0, "limit": None}
    entry = replace(ENTRIES["today, ReLU"], net=partial(chain, unit=UNITS["ReLU"], depth=1, weights="he"), batch=20)
    result = lab.until_level(entry, dataset, inf, training)
    assert min(result["errors"][:-1]) > lab.LEVEL >= result["errors"][-1]
    assert len(result["errors"]) < 60
    assert 100 < result["images"] < 100 * len(result["errors"])
    short = lab.until_level(entry, dataset, 150, training)  # the middle of the second epoch
    assert short["errors"] == result["errors"][:2]
    assert short["images"] is None
    assert lab.until_level(entry, dataset, 151, training)["errors"] == result["errors"][:3]
    with np.errstate(all="ignore"):
        diverged = lab.until_level(entry, dataset, inf, training | {"lr": 1e30})
    assert (diverged["images"], diverged["loss"]) == (None, None)


def test_speeds_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "RATES", (0.003, 0.01, 0.03))
    settings, entries = Settings(tmp_path, "shapes", 20, 1, 2), {"today, ReLU": ENTRIES["today, ReLU"]}
    found = lab.speeds(entries, settings)
    assert found.epoch == 20
    assert len(found.rows["today, ReLU"]) == 2
    assert found.rates["today, ReLU"] in found.searches["today, ReLU"]
    kept = json.loads((tmp_path / "results.json").read_text())["results"]
    assert sum("search" in name for name in kept) >= 2
    monkeypatch.setattr(lab, "until_level", None)  # nothing is computed again
    assert lab.speeds(entries, settings) == found


def test_initial_weights_of_2012_are_the_authors():
    net = net_of_2012(ENTRIES["2012, ReLU"].net.args[0], rng=np.random.default_rng(0), classes=10)
    deviations = {name: float(layer.params["W"].std()) for name, layer in net.layers.items() if layer.params}
    assert deviations == {name: pytest.approx(1e-4 if name == "conv1" else 0.01, rel=0.05) for name in deviations}
    assert list(deviations) == ["conv1", "conv2", "conv3", "output"]


def runs(*images):
    return [{"images": value, "errors": [0.5, 0.3]} for value in images]


def test_cells_by_hand():
    assert images_cell(runs(50_000, 70_000), 160_000) == "60.00 ± 10.00"
    assert images_cell(runs(50_000, None), 160_000) == "50.00 (1 of 2 seeds)"
    assert images_cell(runs(None, None), 160_000) == "never in 160: 30.00 ± 0.00 %"
    assert factor_cell(runs(100_000, 150_000), runs(50_000, 50_000), 160_000) == "2.50 ± 0.50"
    assert factor_cell(runs(100_000, None), runs(50_000, 50_000), 160_000) == "more than 2.60"
    assert factor_cell(runs(100_000), runs(None), 160_000) == ""


def test_the_table_compares_with_relu_in_the_same_setting():
    rows = {
        "2012, ReLU": runs(50_000),
        "2012, tanh": runs(100_000),
        "today, ReLU": runs(60_000),
        "today, tanh": runs(30_000),
    }
    text = speed_table(dict.fromkeys(rows, 0.01), rows, 160_000)
    assert "| 2012 | tanh | 0.01 | 100.00 | 2.00 |" in text
    assert "| today | tanh | 0.01 | 30.00 | 0.50 |" in text


def test_the_table_of_the_search_has_every_rate_that_was_tried():
    slow, fast = {"images": None, "errors": [0.9, 0.8], "loss": 2.0}, {"images": 1234.0, "errors": [0.2], "loss": 0.5}
    lost = {"images": None, "errors": [0.9], "loss": None}
    lines = search_table({"a": {0.01: fast, 0.003: slow}, "b": {0.01: slow, 0.03: lost}}, 2000).splitlines()
    assert lines[0] == "| thousand images to 25 % in the search, by rate | 0.003 | 0.01 | 0.03 |"
    assert lines[2:] == ["| a | more than 3 | 1 |  |", "| b |  | more than 3 | diverged |"]

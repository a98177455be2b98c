"""The signal through untrained nets, measured and drawn."""

import json

import numpy as np
import pytest

from minialex.lab import init as lab
from minialex.lab.frame.settings import Settings


def test_deviation_is_across_images_and_not_within():
    y = np.ones((4, 2, 3)) * np.arange(6).reshape(2, 3)
    assert lab.deviation(y) == 0
    y[:, 0, 0] += [0, 2, 0, 2]
    assert lab.deviation(y) == pytest.approx(np.sqrt(1 / 6))


def test_deviation_of_the_first_layer_by_hand(monkeypatch):
    monkeypatch.setattr(lab, "SIZE", 67)
    x = 60 * np.random.default_rng(0).standard_normal((6, 3, 67, 67), dtype="float32")
    deviations = lab.measure("paper", None, x, seed=0)
    assert deviations["images"] == pytest.approx(60 * np.sqrt(5 / 6), rel=0.02)
    # a sum of 363 independent inputs times weights of deviation 0.01
    assert deviations["conv1"] == pytest.approx(deviations["images"] * 0.01 * np.sqrt(363), rel=0.1)


def test_table_values_and_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "SIZE", 67)
    monkeypatch.setattr(lab, "SCALE", 72)
    text = lab.init(Settings(tmp_path, "shapes", 3, 1, 1))
    deviations = json.loads((tmp_path / "results.json").read_text())["results"]
    assert (tmp_path / "table.md").read_text() == text + "\n"
    assert (tmp_path / "init.png").stat().st_size > 5000
    logits = {name.removesuffix(", seed 0"): run["fc8"] for name, run in deviations.items()}
    assert logits["he, pixels"] > 100 * logits["paper, pixels"]
    assert logits["source, pixels"] > 3 * logits["paper, pixels"] > 30 * logits["paper, unit variance"]


def test_one_image_has_no_deviation(tmp_path):
    with pytest.raises(ValueError, match=r"--limit: expected two images at least, .* got 1; use --limit 2"):
        lab.init(Settings(tmp_path, "shapes", 1, 1, 1))
    assert not list(tmp_path.iterdir())

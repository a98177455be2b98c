"""Neighbours counted by hand, and in a run."""

import json

import numpy as np
import pytest
from small_runs import settings as run_settings

from minialex.data import Split
from minialex.lab import neighbours as lab
from minialex.lab.frame.settings import Settings
from minialex.lab.neighbour_counts import Neighbours, counts
from minialex.training.run import train_run


def test_counts_by_hand():
    found = np.array([[1, 1, 2], [0, 2, 2], [2, 1, 0]])
    labels = np.array([1, 0, 2])
    assert counts(found, labels) == {"same": pytest.approx(4 / 9), "first": 1.0, "vote": pytest.approx(2 / 3)}
    assert counts(found[2:], np.array([1]))["vote"] == 0  # three of one vote: that of the nearest counts


def test_distances_in_pixels_are_against_the_nearest_ones():
    """Images of one value: the query 0 has the six nearest at 1 to 6, the features point to those at 12 to 7."""
    train = Split(np.arange(1, 13, dtype=np.uint8).reshape(12, 1, 1, 1), np.array([0] * 6 + [1] * 6))
    found = Neighbours(train, Split(np.zeros((1, 1, 1, 1), np.uint8), np.array([1])))
    assert found.indices["pixels"].tolist() == [[0, 1, 2, 3, 4, 5]]
    assert found.rows["pixels"] == {"same": 0.0, "first": 0.0, "vote": 0.0, "distance": 1.0}
    found.add("reversed", np.zeros((1, 1)), np.arange(12.0, 0, -1)[:, None])
    assert found.indices["reversed"].tolist() == [[11, 10, 9, 8, 7, 6]]
    assert found.rows["reversed"] == {"same": 1.0, "first": 1.0, "vote": 1.0, "distance": pytest.approx(57 / 21)}


def test_untrained_features_are_those_that_training_begins_with(tmp_path):
    """A training at a rate of nearly 0 leaves the counts as they are."""
    settings = Settings(tmp_path, "shapes", 20, 1, 1)
    rows = lab.of_training(settings.dataset(), settings, None, 1e-12, 0)["rows"]
    assert rows["after epoch 1"] == pytest.approx(rows["untrained net"], abs=1e-3)


def test_fewer_images_than_neighbours_are_refused(tmp_path):
    with pytest.raises(ValueError, match="expected at least 6 training images, got 1; give --limit 6 or more"):
        lab.neighbours(Settings(tmp_path, "shapes", 1, 1, 1))


def test_a_layer_that_the_net_lacks_is_refused_before_any_training(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "rate_of", lambda *args, **options: pytest.fail("a search"))
    with pytest.raises(ValueError, match="expected a layer of the net, got 'relu9'"):
        lab.neighbours(Settings(tmp_path, "shapes", 20, 1, 1), layer="relu9")


@pytest.mark.slow
def test_features_of_a_run(tmp_path):
    train_run(run_settings(epochs=1), tmp_path / "run", progress=False)
    settings = Settings(tmp_path / "out", "cifar10", 30, 1, 3)  # its own images, however many seeds
    text = lab.neighbours(settings, run=tmp_path / "run", layer="relu7")
    assert [line.split(" | ")[0] for line in text.splitlines()[-3:]] == ["| pixels", "| untrained net", "| trained net"]
    out = tmp_path / "out"
    assert json.loads((out / "results.json").read_text())["settings"]["layer"] == "relu7"
    assert {path.name for path in out.glob("*.png")} == {"neighbours.png", "predictions.png"}
    with np.load(tmp_path / "run" / "best.npz") as best:
        changed = {name: best[name] * 2 if best[name].dtype == "float32" else best[name] for name in best.files}
    np.savez(tmp_path / "run" / "best.npz", **changed)  # trained again, say
    with pytest.raises(ValueError, match="choose another --out"):
        lab.neighbours(settings, run=tmp_path / "run", layer="relu7")
    with pytest.raises(ValueError, match="relu9"):
        lab.neighbours(settings._replace(limit=10, out=tmp_path / "other"), run=tmp_path / "run", layer="relu9")

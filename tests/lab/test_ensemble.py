"""Probabilities of several nets, averaged: by hand."""

import numpy as np
import pytest

from minialex.lab import ensemble as lab
from minialex.lab.averaging import all_choices, averaged, errors_of
from minialex.lab.frame.settings import Settings

LABELS = np.array([0, 1])
P = np.array([[[0.9, 0.1], [0.6, 0.4]], [[0.4, 0.6], [0.1, 0.9]], [[0.4, 0.6], [0.7, 0.3]]])  # wrong: 1, 1 and 2 of 2


def test_two_nets_correct_each_other():
    assert [one["top1"] for one in all_choices(P, 1, LABELS)] == [0.5, 0.5, 1.0]
    assert averaged(P, (0, 1), LABELS)["top1"] == 0  # 0.65 to 0.35, and 0.35 to 0.65
    assert averaged(P, (0, 1), LABELS)["loss"] == pytest.approx(-np.log(0.65))
    assert len(all_choices(P, 2, LABELS)) == 3
    assert len(all_choices(P, 3, LABELS)) == 1


def test_errors_of_equal_probabilities_are_those_of_guessing():
    assert errors_of(np.full((10, 10), 0.1), np.arange(10)) == {
        "top1": 0.9, "top5": 0.5, "loss": pytest.approx(np.log(10)),
    }  # fmt: skip


def test_the_table_has_the_paper_beside_one_and_five():
    p = np.random.default_rng(0).dirichlet(np.ones(10), (5, 20))
    labels = np.arange(20) % 10
    lines = lab.ensemble_table({k: all_choices(p, k, labels) for k in (1, 2, 5)}, 0.01).splitlines()
    assert lines[4].startswith("| 1 | 5 | ")
    assert lines[4].endswith("| 40.7 / 18.2 |")
    assert lines[6].startswith("| 5 | 1 | ")
    assert lines[6].endswith("| 38.1 / 16.4 |")


def test_nets_read_the_same_images_and_a_stopped_ensemble_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("minialex.lab.frame.rates.GRID", (0.003, 0.01, 0.03))
    settings = Settings(tmp_path, "shapes", 20, 1, 1)
    one, two = lab.same_images(settings).train, lab.same_images(settings).train
    assert len(one) == 20
    np.testing.assert_array_equal(one.images, two.images)
    lab.ensemble(settings)
    trained = []
    monkeypatch.setattr(lab, "one_net", lambda dataset, settings, lr, seed: trained.append(seed) or {
        "p": np.full((len(dataset.val), 10), 0.1)
    })  # fmt: skip
    text = lab.ensemble(settings._replace(seeds=2))
    assert trained == [1]
    assert "| 2 | 1 | " in text

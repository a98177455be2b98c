"""Probabilities of several nets, averaged: by hand."""

import numpy as np
import pytest

from minialex.lab import ensemble as lab
from minialex.lab.averaging import all_choices, averaged, errors_of
from minialex.lab.frame.compare import SEARCH
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.settings import Settings
from minialex.training import Diverged

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
    one, two = (lab.same_images(settings.dataset(), 20).train for _ in range(2))
    assert len(one) == 20
    np.testing.assert_array_equal(one.images, two.images)
    text = lab.ensemble(settings)
    trained = count_trainings(monkeypatch)
    (tmp_path / "seed-0.npz").unlink()  # trained again
    assert lab.ensemble(settings) == text
    assert "| 2 | 1 | " in lab.ensemble(settings._replace(seeds=2))
    assert trained == [0, 1]


def test_a_net_that_diverges_is_left_out_and_counted(tmp_path, monkeypatch):
    monkeypatch.setattr("minialex.lab.frame.rates.GRID", (0.003, 0.01, 0.03))
    settings = Settings(tmp_path, "shapes", 20, 1, 2)
    trained = count_trainings(monkeypatch, diverging=(0,))
    text = lab.ensemble(settings)
    assert "1 nets (1 of 2 diverged), rate" in text
    assert lab.ensemble(settings) == text
    assert [seed for seed in trained if seed < SEARCH] == [0, 1]  # what diverged is not tried again
    with pytest.raises(Diverged, match=r"expected a training that does not diverge, got none of 1, all diverged at"):
        lab.ensemble(settings._replace(seeds=1))


def count_trainings(monkeypatch, diverging=()):
    """Return a list that the seeds of trainings are added to."""
    train, seeds = Entry.train, []

    def counted(*args, **options):
        seeds.append(options["seed"])
        if options["seed"] in diverging:
            raise Diverged("diverged")
        return train(*args, **options)

    monkeypatch.setattr(Entry, "train", counted)
    return seeds

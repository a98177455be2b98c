"""The loop on a set that is learned in seconds: same seed same bits, and a loss that explodes is caught."""

import numpy as np
import pytest
from small_runs import colours, net

from minialex import Sequential
from minialex.data import Split
from minialex.layers import Dense, Flatten
from minialex.training import SGD, Fixed, evaluate, fit


def trained(seed=0, lr=0.002, **options):
    rng = np.random.default_rng(seed)
    a = net(rng)
    options = {"epochs": 4, "batch": 16, "progress": False} | options
    return a, fit(a, colours(100, 1), colours(50, 2), sgd=SGD(a, lr), rng=rng, **options)


def test_it_learns_and_says_so():
    a, history = trained(epochs=8)
    assert [row["epoch"] for row in history] == list(range(1, 9))
    assert history[0]["train_loss"] > history[-1]["train_loss"]
    assert history[-1]["val_error"] < 0.1
    assert history[-1]["val_top5_error"] == 0.0  # three classes: the label is always among the five most probable
    assert history[-1]["images_per_second"] > 0
    assert a.training


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    (a, first), (b, second), (c, _) = trained(5), trained(5), trained(6)
    for name, value in a.state().items():
        np.testing.assert_array_equal(value, b.state()[name])
    assert [row["train_loss"] for row in first] == [row["train_loss"] for row in second]
    assert (a.state()["fc1.W"] != c.state()["fc1.W"]).any()


def test_the_schedule_sets_the_rate():
    _, history = trained(schedule=Fixed((1, 3)))
    assert [row["lr"] for row in history] == pytest.approx([0.002, 0.0002, 0.0002, 0.00002])


def test_a_loss_that_is_not_finite_stops_with_where_and_which_rate():
    with np.errstate(all="ignore"), pytest.raises(RuntimeError) as caught:
        trained(lr=1e30)
    assert "epoch 1, step" in str(caught.value)
    assert "every parameter is finite, the output of fc2 is not" in str(caught.value)
    assert "the rate is 1e+30" in str(caught.value)
    assert "try a tenth of it" in str(caught.value)


def test_a_history_is_gone_on_with():
    seen = []
    _, history = trained(epochs=2)
    _, longer = trained(epochs=4, history=history, after_epoch=lambda rows: seen.append(len(rows)))
    assert longer[:2] == history
    assert seen == [3, 4]


def test_evaluate_counts_ranks():
    """A net with the same output for every image: class 0 the most probable, then 1, 2, ..."""
    a = Sequential(flatten=Flatten(), fc=Dense(48, 10, std=0.0, rng=np.random.default_rng(0)))
    a.layers["fc"].params["b"][:] = -np.arange(10)
    labels = np.array([0, 0, 1, 4, 5, 9])
    split, mean = Split(np.zeros((6, 3, 4, 4), "uint8"), labels), np.zeros((3, 4, 4), "float32")
    result = evaluate(a, split, mean=mean, batch=4)
    assert result["top1_error"] == pytest.approx(4 / 6)
    assert result["top5_error"] == pytest.approx(2 / 6)
    log_p = -np.arange(10) - np.log(np.exp(-np.arange(10.0)).sum())
    assert result["loss"] == pytest.approx(-log_p[labels].mean(), rel=1e-5)
    assert (result["images"], result["views"]) == (6, 1)


def test_evaluate_gives_a_net_that_knows_nothing_the_error_of_guessing():
    a = Sequential(flatten=Flatten(), fc=Dense(48, 10, std=0.0, rng=np.random.default_rng(0)))
    split, mean = Split(np.zeros((10, 3, 4, 4), "uint8"), np.arange(10)), np.zeros((3, 4, 4), "float32")
    assert evaluate(a, split, mean=mean)["top1_error"] == pytest.approx(0.9)
    a.layers["fc"].params["b"][:] = np.nan
    assert evaluate(a, split, mean=mean)["top5_error"] == 1.0

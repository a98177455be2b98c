"""fit without validation, with standardized inputs, with functions after each epoch; evaluate without a mean."""

import numpy as np
import pytest
from small_runs import colours, net

from minialex.data import channel_statistics, mean_image
from minialex.layers import SoftmaxCrossEntropy
from minialex.training import SGD, Plateau, evaluate, fit

OPTIONS = {"epochs": 3, "batch": 16, "progress": False}


def fitted(*, val=None, seed=0, **options):
    rng = np.random.default_rng(seed)
    a = net(rng)
    return a, fit(a, colours(100, 1), val, sgd=SGD(a, 0.002), rng=rng, **(OPTIONS | options))


def test_training_needs_no_images_for_validation():
    a, history = fitted()
    assert [row["epoch"] for row in history] == [1, 2, 3]
    assert all(np.isnan(row[name]) for row in history for name in ("val_loss", "val_error", "val_top5_error"))
    b, with_validation = fitted(val=colours(50, 2))
    assert [row["train_loss"] for row in history] == [row["train_loss"] for row in with_validation]
    for name, value in a.state().items():
        np.testing.assert_array_equal(value, b.state()[name])


def test_without_validation_a_plateau_is_one_of_the_training_error():
    _, history = fitted(epochs=8, schedule=Plateau(patience=1, divisions=1), seed=1)
    errors = [row["train_error"] for row in history]
    stuck = next((n for n in range(1, 8) if errors[n] >= min(errors[:n])), 8)
    assert [row["lr"] < 0.001 for row in history] == [n > stuck for n in range(8)]


def test_the_mean_stays_with_the_net():
    a, history = fitted(val=colours(50, 2))
    np.testing.assert_array_equal(a.input_mean, mean_image(colours(100, 1).images))
    assert evaluate(a, colours(50, 2))["top1_error"] == history[-1]["val_error"]
    with pytest.raises(ValueError, match=r"evaluate: expected mean, .* got none; pass mean=mean_image"):
        evaluate(net(np.random.default_rng(0)), colours(50, 2))


def test_standardized_inputs_have_mean_0_and_deviation_1_in_each_channel():
    images = colours(200, 3).images
    mean, std = channel_statistics(images)
    assert (mean.shape, std.shape, mean.dtype) == ((3, 1, 1), (3, 1, 1), np.float32)
    x = (images - mean) / std
    np.testing.assert_allclose(x.mean(axis=(0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=(0, 2, 3)), 1, rtol=1e-5)


def test_a_channel_of_one_value_stays_finite():
    mean, std = channel_statistics(np.full((2, 3, 4, 4), 7, np.uint8))
    assert (mean.ravel().tolist(), std.ravel().tolist()) == ([7, 7, 7], [1, 1, 1])


def test_training_and_evaluation_see_the_same_standardized_inputs():
    mean, std = channel_statistics(colours(100, 1).images)
    a, history = fitted(val=colours(50, 2), mean=mean, std=std)
    assert evaluate(a, colours(50, 2))["loss"] == history[-1]["val_loss"]
    assert evaluate(a, colours(50, 2), std=1.0)["loss"] != history[-1]["val_loss"]
    split = colours(50, 2)
    scaled = ((split.images - mean) / std).astype("float32")
    logits = a.eval()(scaled)
    assert np.mean(np.argmax(logits, axis=1) != split.labels) == pytest.approx(history[-1]["val_error"])


@pytest.mark.parametrize(
    "std", [0.0, -1.0, np.ones((2, 1, 1)), np.zeros((3, 1, 1)), np.array([]), float("nan")], ids=str
)
def test_a_deviation_must_be_positive_and_one_a_channel(std):
    with pytest.raises(ValueError, match=r"std: expected positive numbers \(3, 1, 1\)"):
        fitted(std=std)


def test_functions_after_an_epoch_get_the_history_and_may_end_training():
    seen = []
    _, history = fitted(epochs=9, after_epoch=[lambda rows: seen.append(len(rows)), lambda rows: len(rows) == 2])
    assert seen == [1, 2]
    assert len(history) == 2
    _, history = fitted(after_epoch=lambda rows: rows[-1]["train_error"] >= 0)
    assert len(history) == 1


@pytest.mark.parametrize("value", [None, False, "text", [1], 0.5], ids=str)
def test_only_true_ends_training(value):
    assert len(fitted(after_epoch=lambda rows: value)[1]) == 3
    assert len(fitted(after_epoch=lambda rows: np.True_)[1]) == 1


def test_training_takes_another_loss_and_validation_does_not():
    a, usual = fitted(val=colours(50, 2), epochs=1)
    b, smoothed = fitted(val=colours(50, 2), epochs=1, loss=SoftmaxCrossEntropy(smoothing=0.5))
    assert smoothed[0]["train_loss"] > usual[0]["train_loss"]
    assert np.any(a.state()["fc2.W"] != b.state()["fc2.W"])
    assert evaluate(b, colours(50, 2))["loss"] == smoothed[0]["val_loss"]
    _, same = fitted(val=colours(50, 2), epochs=1, loss=SoftmaxCrossEntropy())
    assert same[0]["train_loss"] == usual[0]["train_loss"]

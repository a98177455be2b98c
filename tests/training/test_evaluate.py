"""Errors by hand, one view and ten, and the confusion matrix."""

import numpy as np
import pytest

from minialex import Layer
from minialex.cli.report import by_class, report
from minialex.data import Split, ten_views
from minialex.layers.softmax import softmax
from minialex.training import evaluate, evaluate_mean
from minialex.training.ensemble import judge_mean
from minialex.training.evaluate import judge, probabilities


class Reads(Layer):
    """A net whose logits are a function of the images that it was given; it counts them."""

    def __init__(self, function):
        super().__init__()
        self.function, self.seen = function, []

    def forward(self, x):
        self.seen.append(x.shape)
        return self.function(x).astype("float32")


def split_of(pixels, labels):
    return Split(np.asarray(pixels, np.uint8), np.asarray(labels, np.int64))


RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (7, 3, 8, 8), dtype=np.uint8)
ZERO = np.zeros((3, 8, 8), "float32")
W = RNG.standard_normal((3 * 5 * 5, 4)) / 100


def linear(x):
    return x.reshape(len(x), -1) @ W


def test_ten_views_average_softmax_outputs_and_not_logits():
    split = split_of(IMAGES, [0, 1, 2, 3, 0, 1, 2])
    result = np.concatenate([p for p, _ in probabilities(Reads(linear), split, mean=ZERO, batch=3, views=10, crop=5)])
    views = ten_views(IMAGES.astype("float32"), 5)
    expected = np.mean([softmax(np, linear(view).astype("float32")) for view in views], axis=0)
    np.testing.assert_allclose(result, expected, rtol=1e-5)


def test_one_view_is_the_centre():
    split = split_of(IMAGES, [0] * 7)
    net = Reads(linear)
    result = np.concatenate([p for p, _ in probabilities(net, split, mean=ZERO, batch=7, crop=5)])
    centre = IMAGES[:, :, 1:6, 1:6].astype("float32")
    np.testing.assert_allclose(result, softmax(np, linear(centre).astype("float32")), rtol=1e-5)
    assert net.seen == [(7, 3, 5, 5)]


def test_without_a_crop_the_net_sees_whole_images():
    net = Reads(lambda x: np.zeros((len(x), 4)))
    evaluate(net, split_of(IMAGES, [0] * 7), mean=ZERO, batch=4)
    assert net.seen == [(4, 3, 8, 8), (3, 3, 8, 8)]


def test_errors_and_confusion_by_hand():
    pixels = np.zeros((6, 3, 4, 4), np.uint8)
    pixels[:, 0, 0, 0] = [0, 1, 2, 2, 1, 1]  # what the net answers
    net = Reads(lambda x: np.eye(7)[x[:, 0, 0, 0].astype(int)] * 9 - 0.1 * np.arange(7))
    result, confusion = judge(net, split_of(pixels, [0, 0, 2, 2, 6, 1]), mean=np.zeros((3, 4, 4), "float32"), batch=4)
    assert result["top1_error"] == pytest.approx(2 / 6)
    assert result["top5_error"] == pytest.approx(1 / 6)  # the sixth class is the seventh most probable
    expected = np.zeros((7, 7), int)
    for label, answer in zip([0, 0, 2, 2, 6, 1], [0, 1, 2, 2, 1, 1], strict=True):
        expected[label, answer] += 1
    np.testing.assert_array_equal(confusion, expected)


def kept(function, mean=ZERO):
    net = Reads(function)
    net.input_mean, net.input_std = mean, 1.0
    return net


def test_several_nets_average_softmax_outputs_each_with_its_own_mean():
    split, other = split_of(IMAGES, [0, 1, 2, 3, 0, 1, 2]), np.full((3, 8, 8), 50, "float32")
    nets = [kept(linear), kept(lambda x: 2 * linear(x), other)]
    result = evaluate_mean(nets, split, batch=3, crop=5)
    views = [IMAGES[:, :, 1:6, 1:6].astype("float32") - mean for mean in (0, 50)]
    logits = [factor * linear(view) for factor, view in zip((1, 2), views, strict=True)]
    p = np.mean([softmax(np, each.astype("float32")) for each in logits], axis=0)
    assert result["top1_error"] == pytest.approx(np.mean(np.argmax(p, axis=1) != split.labels))
    assert result["loss"] == pytest.approx(-np.mean(np.log(p[np.arange(7), split.labels])), rel=1e-5)
    assert result["each"] == [evaluate(net, split, batch=3, crop=5) for net in nets]
    assert (result["views"], result["images"]) == (1, 7)


def test_the_mean_of_one_net_is_the_net():
    split = split_of(IMAGES, [0, 1, 2, 3, 0, 1, 2])
    result = evaluate_mean([kept(linear)], split, views=10, crop=5)
    (one,) = result.pop("each")
    assert result == one == evaluate(kept(linear), split, views=10, crop=5)


def test_right_nets_outvote_a_wrong_one():
    split = split_of(IMAGES, [1] * 7)
    right, wrong = (kept(lambda x, answer=answer: np.eye(4)[[answer] * len(x)]) for answer in (1, 2))
    assert evaluate_mean([right, kept(right.function), wrong], split)["top1_error"] == 0
    assert evaluate_mean([right, wrong, kept(wrong.function)], split)["top1_error"] == 1


def test_nets_that_cannot_be_averaged_are_refused():
    split = split_of(IMAGES, [0] * 7)
    with pytest.raises(ValueError, match="evaluate_mean: expected at least one net, got none"):
        evaluate_mean([], split)
    with pytest.raises(ValueError, match="the images and classes of the first net, 7 of 4, got 7 images of 3 classes"):
        evaluate_mean([kept(lambda x, k=k: np.eye(k)[[0] * len(x)]) for k in (4, 3)], split)
    with pytest.raises(ValueError, match="7 of 4, got 7 images of 4 classes in another order"):
        judge_mean([[(np.ones((7, 4)) / 4, np.arange(7) % k)] for k in (4, 3)], 1)


def test_other_views_are_refused():
    with pytest.raises(ValueError, match="views: expected one of 1, 2, 6, 10, got 5"):
        evaluate(Reads(linear), split_of(IMAGES, [0] * 7), mean=ZERO, views=5)


def test_a_crop_larger_than_the_images_is_refused():
    with pytest.raises(ValueError, match="at least 9 pixels, got 8"):
        evaluate(Reads(linear), split_of(IMAGES, [0] * 7), mean=ZERO, crop=9)


CONFUSION = np.array([[8, 2, 0], [0, 5, 5], [0, 0, 0]])


def test_the_worst_class_comes_first_and_one_without_images_not_at_all():
    assert by_class(CONFUSION, ["cat", "dog", "owl"]) == [
        "  dog   50.0% of 10, most often predicted as owl",
        "  cat   20.0% of 10, most often predicted as dog",
    ]


def test_the_report_shows_the_gain_of_ten_views():
    result = {"top1_error": 0.25, "top5_error": 0.1, "loss": 1.0, "views": 10, "images": 20}
    one = {**result, "top1_error": 0.3, "top5_error": 0.08, "views": 1}
    lines = report(result, np.eye(8, dtype=int), "abcdefgh", one).splitlines()
    assert lines[0] == "20 images, 10 views each: top-1 error 25.00%, top-5 error 10.00%, loss 1.0000"
    assert lines[1] == "accuracy 75.00%; chance level: top-1 error 87.50%"
    assert lines[2].endswith("the views gain +5.00 and -2.00 percentage points")


def test_the_report_of_five_classes_or_fewer_has_no_top_5_error():
    result = {"top1_error": 0.25, "top5_error": 0.0, "loss": 1.0, "views": 10, "images": 20}
    lines = report(result, CONFUSION, ["cat", "dog", "owl"], {**result, "top1_error": 0.3}).splitlines()
    assert lines[0] == "20 images, 10 views each: top-1 error 25.00%, loss 1.0000"
    assert lines[2] == "with one view: top-1 error 30.00%; the views gain +5.00 percentage points"


def test_of_many_classes_the_worst_are_listed():
    lines = by_class(np.eye(50, dtype=int), [str(k) for k in range(50)])
    assert len(lines) == 21
    assert lines[-1] == "  and 30 classes with smaller errors"

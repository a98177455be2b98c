"""The drawn dataset."""

import numpy as np
import pytest

from minialex.data.drawn.drawing import choose_look, outline
from minialex.data.drawn.shapes import CLASSES, begun, shapes, shapes_with_boxes


def test_the_arrays():
    split = shapes(23, seed=0)
    assert split.images.shape == (23, 3, 32, 32)
    np.testing.assert_array_equal(split.labels, np.arange(23) % 10)
    assert split.images.std() > 40  # neither blank nor clipped away


def test_the_ten_classes_have_different_names():
    assert len(set(CLASSES)) == 10
    assert CLASSES[0] == "red disc, level"


def test_the_same_seed_draws_the_same():
    np.testing.assert_array_equal(shapes(5, seed=7).images, shapes(5, seed=7).images)


def test_a_smaller_set_begins_a_larger_one():
    np.testing.assert_array_equal(shapes(70, seed=1).images[:65], shapes(65, seed=1).images)


def test_seeds_and_splits_share_no_image():
    drawn = [shapes(40, seed=seed, split=split) for seed in (0, 1) for split in ("train", "val")]
    images = {image.tobytes() for split in drawn for image in split.images}
    assert len(images) == 4 * 40


@pytest.mark.parametrize("size", [8, 33, 64])
def test_any_size_shows_the_same_picture(size):
    def colours(side):
        return shapes(10, side, seed=0).images.mean(axis=(2, 3))

    assert shapes(10, size, seed=0).images.shape == (10, 3, size, size)
    assert np.abs(colours(size) - colours(32)).max() < 12  # of 255: the noise and the edges differ


def test_pairs_differ_in_one_feature_alone():
    """Classes 0, 1: stripes; 0, 2: outline; 0, 4: colour. Measured where the shapes are, in the middle."""
    middle = shapes(400, seed=0).images[:, :, 10:22, 10:22].astype(float)
    labels = np.arange(400) % 10
    red, blue = middle[labels == 0].mean(axis=(0, 2, 3)), middle[labels == 4].mean(axis=(0, 2, 3))
    assert red[0] - red[2] > 60
    assert blue[2] - blue[0] > 60

    def steepness(label, axis):
        return np.abs(np.diff(middle[labels == label], axis=axis)).mean()

    for level, upright in ((0, 1), (2, 3), (4, 5), (6, 7)):
        assert steepness(level, 2) > 1.3 * steepness(level, 3)  # level stripes change from row to row
        assert steepness(upright, 3) > 1.3 * steepness(upright, 2)


@pytest.mark.parametrize("split", ["train", "val"])
def test_boxes_are_those_of_the_drawn_outlines(split):
    """To a pixel of 256, for every class: the first and the last row and column that the outline touches."""
    size = 256
    _, boxes = shapes_with_boxes(40, seed=5, split=split)
    for number, box in enumerate(boxes):
        kind, rng = begun(number, 5, split)
        inside = outline(kind, choose_look(rng), size) > 0
        rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
        drawn = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
        np.testing.assert_allclose(size * box, drawn, atol=1.3)


def test_boxes_are_clipped_and_belong_to_the_images_of_any_size():
    split, boxes = shapes_with_boxes(500, 16, seed=1)
    assert (boxes.shape, boxes.dtype) == ((500, 4), np.float32)
    np.testing.assert_array_equal(split.images, shapes(500, 16, seed=1).images)
    np.testing.assert_array_equal(boxes[:50], shapes_with_boxes(50, 40, seed=1)[1])
    assert boxes.min() == 0  # a triangle whose corner is cut off
    assert boxes.max() <= 1
    assert (boxes[:, 2:] - boxes[:, :2]).min() > 0.5
    discs = boxes[np.isin(split.labels, (0, 1, 4, 5))]
    np.testing.assert_allclose(discs[:, 2] - discs[:, 0], discs[:, 3] - discs[:, 1], atol=1e-6)  # as wide as high


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"count": 0}, "shapes: expected count to be an integer >= 1"),
        ({"size": 4}, "at least 8 pixels"),
        ({"seed": -1}, "shapes: expected seed to be an integer >= 0"),
        ({"seed": None}, "shapes: expected seed to be an integer >= 0"),
        ({"split": "test"}, "split: expected train or val"),
    ],
)
def test_wrong_arguments(arguments, what):
    with pytest.raises(ValueError, match=what):
        shapes(**({"count": 3, "seed": 0} | arguments))


def test_a_linear_classifier_is_not_enough():
    """Least squares on the pixels, a little regularized: the classes are not linearly separable."""
    train, val = shapes(1500, seed=0), shapes(300, seed=0, split="val")
    mean = train.images.mean(axis=0)
    x, unseen = ((split.images - mean).reshape(len(split), -1) / 64 for split in (train, val))
    kernel = x @ x.T  # as many equations as images, fewer than pixels
    answers = np.linalg.solve(kernel + 300 * np.eye(len(x)), np.eye(10)[train.labels])
    guesses = (unseen @ x.T @ answers).argmax(axis=1)
    assert np.mean(guesses != val.labels) > 0.4

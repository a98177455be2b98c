"""The description of a dataset."""

import numpy as np
import pytest

from minialex.data import Dataset, Split, describe


def flat(labels, colour=(10, 20, 30)):
    images = np.empty((len(labels), 3, 4, 4), dtype=np.uint8)
    images[:] = np.array(colour)[:, None, None]
    return Split(images, np.array(labels, dtype=np.int64))


def test_the_lines():
    text = describe(Dataset("pets", ("cat", "dog"), flat([0, 0, 0, 1]), flat([0, 1])))
    assert text.splitlines() == [
        "data         pets",
        "classes      2: cat; dog",
        "training     4 images, 1 to 3 in each class",
        "validation   2 images, 1 in each class",
        "image size   4 x 4 pixels",
        "mean colour  red 10.0, green 20.0, blue 30.0, of 255",
    ]


@pytest.mark.parametrize(
    ("images", "size", "mean"),
    [
        (np.full((2, 1, 4, 5), 7, np.uint8), "4 x 5 pixels, 1 channel", "mean level   7.0, of 255"),
        (np.full((2, 2, 4, 4), 0.25), "4 x 4 pixels, 2 channels", "mean level   0.25, 0.25, in float64"),
        (np.full((2, 3, 4, 4), 0.5, "float32"), "4 x 4 pixels", "red 0.5, green 0.5, blue 0.5, in float32"),
    ],
)
def test_any_channels_and_floats(images, size, mean):
    text = describe(Dataset.from_arrays(images, [0, 1], images, [1, 0]))
    assert f"image size   {size}\n" in text
    assert text.endswith(mean)


def test_unreadable_files_are_named_and_counted():
    names = tuple(f"train/cat/{number}.jpg" for number in range(7))
    text = describe(Dataset("pets", ("cat",), flat([0]), flat([0]), names))
    assert "7: train/cat/0.jpg" in text
    assert "train/cat/5.jpg" not in text
    assert "and 2 more" in text


def test_long_lists_of_classes_are_cut_and_wrapped():
    classes = tuple(f"class number {number}" for number in range(1000))
    text = describe(Dataset("many", classes, flat([0]), flat([0])))
    assert "class number 19; and 980 more" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100

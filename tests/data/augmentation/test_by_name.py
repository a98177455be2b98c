"""Augmentation by names: which steps, in which order, and of what size images."""

import numpy as np
import pytest

from minialex.data.augmentation import RandomShift, augmentation, check_names, scale_for
from minialex.data.augmentation.by_name import INSTEAD, NAMES


def made(*names, size=28):
    components = np.array([300.0, 20.0, 10.0]), np.eye(3)
    got = augmentation(names, size=size, seed=3, colour="source", components=lambda: components)
    return got, [type(step).__name__ for step in got.steps]


def test_all_in_the_order_in_which_they_make_sense():
    _, names = made(*(name for name in reversed(NAMES) if name not in INSTEAD))
    assert names == ["RandomRotation", "RandomScale", "RandomShift", "RandomCrop", "RandomReflection",
                     "RandomUpsideDown", "PCAColour", "PCAColour"]  # fmt: skip
    got, names = made(*INSTEAD, size=32)
    assert names == ["RandomShift", "CentreCrop", "AlternatingReflection"]
    assert got.steps[0] == RandomShift(2, border="reflect")


def test_without_chance_the_crop_is_the_centre():
    got, names = made()
    assert names == ["CentreCrop"]
    assert got.output_size(32) == 28
    x = np.arange(3 * 32 * 32, dtype="float32").reshape(1, 3, 32, 32)
    np.testing.assert_array_equal(got.epoch(1, 1).apply(x, np.array([0])), x[:, :, 2:30, 2:30])


def test_components_are_computed_only_for_colour():
    def never():
        raise AssertionError

    augmentation(["crop", "image-colour"], size=4, seed=0, colour="paper", components=never)
    with pytest.raises(AssertionError):
        augmentation(["colour"], size=4, seed=0, colour="paper", components=never)


def test_the_colour_is_the_presets():
    got, _ = made("colour")
    assert got.steps[-1].preset == "source"
    got, _ = made("image-colour")
    assert got.steps[-1].preset == "image"


@pytest.mark.parametrize(("names", "message"), [
    (["crop", "mirror"], "expected some of crop, reflection, .*, got 'mirror'|got 'mirror'"),
    (["crop", "crop"], "each name once"),
    (["alternating-reflection", "crop", "reflection"], "expected alternating-reflection or reflection, got both"),
    (["shift", "reflected-shift"], "expected reflected-shift or shift, got both; leave out one of them"),
])  # fmt: skip
def test_names_that_cannot_be(names, message):
    with pytest.raises(ValueError, match=message):
        check_names(names)


@pytest.mark.parametrize(
    ("size", "scale"), [(224, 256), (227, 256), (256, 293), (64, 73), (2, 3), (28, 32), (448, 512)]
)
def test_the_margin_is_the_papers(size, scale):
    assert scale_for(size, ["crop"]) == scale
    assert scale_for(size, ["reflection"]) == size

"""Training on grey, float and rectangular images; evaluation of whole images and of views."""

import numpy as np
import pytest

from minialex import Sequential
from minialex.data import Augmentation, Dataset, RandomCrop, RandomReflection, channel_statistics
from minialex.data.augmentation import PCAColour, RandomRotation, RandomShift
from minialex.layers import Conv2D, Dense, Flatten, ReLU
from minialex.training import SGD, evaluate, fit


def stripes(channels=1, size=(8, 8), kind="uint8"):
    """Return images with a bright row or a bright column, two classes."""
    rng = np.random.default_rng(0)
    splits = []
    for count in (60, 30):
        labels = np.arange(count) % 2
        images = rng.integers(0, 50, (count, channels, *size))
        for image, label in zip(images, labels, strict=True):
            image[:, *((slice(None), 3) if label else (3, slice(None)))] = 200
        splits += [images.astype(kind) if kind == "uint8" else (images / 255).astype(kind), labels]
    return Dataset.from_arrays(*splits)


def fitted(data, crop=None, **options):
    rng = np.random.default_rng(0)
    channels, sides = data.channels, (crop, crop) if crop else data.train.images.shape[2:]
    net = Sequential(
        Conv2D(channels, 4, 3, pad=1, init="he", rng=rng), ReLU(), Flatten(),
        Dense(4 * sides[0] * sides[1], 2, init="xavier", rng=rng),
    )  # fmt: skip
    mean, std = channel_statistics(data.train.images)
    history = fit(net, data.train, data.val, sgd=SGD(net, 0.01), epochs=5, rng=rng, batch=10, mean=mean, std=std,
                  progress=False, **options)  # fmt: skip
    return net, history


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
@pytest.mark.parametrize("kind", ["uint8", "float32", "float64"])
@pytest.mark.parametrize("size", [(8, 8), (6, 9), (9, 6)])
def test_a_net_learns(channels, kind, size):
    data = stripes(channels, size, kind)
    net, history = fitted(data)
    assert history[-1]["val_error"] == evaluate(net, data.val)["top1_error"] <= 0.1


@pytest.mark.parametrize("size", [(6, 9), (9, 6)])
def test_changes_that_keep_the_size_keep_rectangles_whole(size):
    steps = [RandomRotation(5), RandomShift(1), RandomReflection()]
    net, _ = fitted(stripes(2, size), augment=Augmentation(steps, seed=0))
    assert list(net.layers.values())[3].params["W"].shape == (2, 4 * 54)


def test_crops_are_squares_of_rectangles():
    data = stripes(2, (7, 9))
    net, history = fitted(data, crop=6, augment=Augmentation([RandomCrop(6)], seed=0))
    assert evaluate(net, data.val, crop=6)["top1_error"] == history[-1]["val_error"]
    assert evaluate(net, data.val, crop=6, views=10)["views"] == 10
    with pytest.raises(ValueError, match="expected square images or a crop, for several views, got 7 x 9 pixels"):
        evaluate(net, data.val, views=10)


def test_colour_needs_three_channels_of_uint8():
    with pytest.raises(ValueError, match="PCAColour: expected images of red, green and blue, got 2 channels; leave it"):
        fitted(stripes(2), augment=Augmentation([PCAColour(np.ones(3), np.eye(3))], seed=0))
    for data in (stripes(1), stripes(3, kind="float32")):
        with pytest.raises(ValueError, match="colour: expected images of red, green and blue, uint8"):
            data.colour_components()


@pytest.mark.parametrize("channels", [1, 2])
def test_augmentation_treats_every_channel_as_it_does_red(channels):
    x = np.random.default_rng(0).standard_normal((4, 3, 9, 9)).astype("float32")
    steps = [RandomRotation(20), RandomShift(2), RandomCrop(6), RandomReflection()]
    epoch = Augmentation(steps, seed=0).epoch(1, 4)
    whole = epoch.apply(x, np.arange(4))
    np.testing.assert_array_equal(epoch.apply(x[:, :channels], np.arange(4)), whole[:, :channels])


def test_images_with_channels_last_are_recognized_by_a_layer():
    net, _ = fitted(stripes(3))
    x = np.zeros((2, 8, 8, 3), "float32")
    with pytest.raises(ValueError, match=r"expected 3 channels, got 8 .*; NHWC\? transpose with images.transpose"):
        net(x)
    assert net(x.transpose(0, 3, 1, 2)).shape == (2, 2)
    with pytest.raises(ValueError, match="check the layer before it"):
        net(np.zeros((2, 4, 8, 8), "float32"))

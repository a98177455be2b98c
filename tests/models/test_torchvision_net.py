"""The AlexNet of 2014: sizes, maps and settings; `test_weights.py` compares it with PyTorch's."""

import numpy as np
import pytest

from minialex import host
from minialex.layers import LRN, Conv2D, Dropout
from minialex.models import build, recipe, torchvision_alexnet

OUTPUTS = {
    "conv1": (64, 55, 55), "pool1": (64, 27, 27), "conv2": (192, 27, 27), "pool2": (192, 13, 13),
    "conv3": (384, 13, 13), "conv4": (256, 13, 13), "conv5": (256, 13, 13), "pool5": (256, 6, 6),
    "fc6": (4096,), "fc7": (4096,), "fc8": (7,),
}  # fmt: skip


def test_output_shapes_are_those_of_torchvision():
    net = torchvision_alexnet(rng=np.random.default_rng(0), classes=7)
    shapes, shape = {}, (3, 224, 224)
    for name, layer in net.layers.items():
        shape = shapes[name] = layer.output_shape(shape)
    assert {name: shapes[name] for name in OUTPUTS} == OUTPUTS


def test_parameters_are_those_of_torchvision():
    net = torchvision_alexnet(rng=np.random.default_rng(0))
    assert sum(layer.params[key].size for _, layer, key in net.parameters()) == 61_100_840


def test_no_groups_no_normalization_and_inverted_dropout():
    layers = torchvision_alexnet(rng=np.random.default_rng(0), image_size=63, classes=2).layers
    convolutions = [layer for layer in layers.values() if isinstance(layer, Conv2D | host.kit.Conv2D)]
    assert [layer.groups for layer in convolutions] == [1] * 5
    assert [layer.input_gradient for layer in convolutions] == [False, True, True, True, True]
    assert not any(isinstance(layer, LRN | host.kit.LRN) for layer in layers.values())
    names = list(layers)
    for number in (6, 7):
        assert names.index(f"drop{number}") == names.index(f"fc{number}") - 1
        assert isinstance(layers[f"drop{number}"], Dropout | host.kit.Dropout)
        assert layers[f"drop{number}"].inverted


@pytest.mark.parametrize(("size", "side"), [(63, 1), (94, 1), (95, 2), (126, 2), (127, 3)])
def test_other_sizes_have_other_maps(size, side):
    net = torchvision_alexnet(rng=np.random.default_rng(0), image_size=size, classes=2)
    assert net.output_shape((3, size, size)) == (2,)
    assert net.layers["fc6"].params["W"].shape == (4096, 256 * side * side)


def test_images_that_are_too_small_are_refused():
    with pytest.raises(ValueError, match=r"at least 63 pixels, got 62; or use small_alexnet"):
        torchvision_alexnet(rng=np.random.default_rng(0), image_size=62)


def test_its_rates_are_the_same_in_all_presets():
    assert len({str(recipe("torchvision_alexnet", preset)) for preset in ("paper", "source", "caffe")}) == 1
    r = recipe("torchvision_alexnet")
    assert (r.groups, r.image_size, r.lr, r.bias_lr, r.divide_after) == (1, 224, 0.01, 0.02, ())
    net = build("torchvision_alexnet", [host], rng=np.random.default_rng(0), image_size=63, classes=3)
    assert net.forward(np.ones((2, 3, 63, 63), "float32")).shape == (2, 3)
    assert net.backward(np.ones((2, 3), "float32")) is None

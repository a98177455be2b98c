"""The nets of section 7: which layers are left, and what they cost."""

import numpy as np
import pytest

from minialex import summary
from minialex.lab.layers import ENTRIES


def built(name):
    return ENTRIES[name].net(rng=np.random.default_rng(0), classes=10, image_size=32, channels=3)


@pytest.mark.parametrize(("name", "left_out"), [
    ("without conv1", {"conv1", "unit1"}),
    ("without conv2", {"conv2", "unit2"}),
    ("without conv3", {"conv3", "unit3"}),
    ("without the hidden dense layer", {"fc4", "unit4"}),
])  # fmt: skip
def test_one_layer_is_left_out_and_its_pooling_stays(name, left_out):
    whole = list(built("as it is").layers)
    assert list(built(name).layers) == [layer for layer in whole if layer not in left_out]


def test_parameters_by_hand():
    conv1, conv2, conv3 = 16 * (3 * 25 + 1), 32 * (16 * 9 + 1), 64 * (32 * 9 + 1)
    fc4, output = 128 * (64 * 16 + 1), 10 * 129
    expected = {
        "as it is": conv1 + conv2 + conv3 + fc4 + output,
        "without conv1": 32 * (3 * 9 + 1) + conv3 + fc4 + output,  # conv2 reads the image
        "without conv2": conv1 + 64 * (16 * 9 + 1) + fc4 + output,
        "without conv3": conv1 + conv2 + 128 * (32 * 16 + 1) + output,
        "without the hidden dense layer": conv1 + conv2 + conv3 + 10 * (64 * 16 + 1),
        "one more convolution": conv1 + conv2 + conv3 + 64 * (64 * 9 + 1) + fc4 + output,
        "one more dense layer": conv1 + conv2 + conv3 + fc4 + 128 * 129 + output,
    }
    assert {name: summary(built(name), (3, 32, 32)).parameters for name in ENTRIES} == expected


def test_the_first_layer_left_computes_no_gradient_of_the_image():
    net = built("without conv1")
    assert next(iter(net)).input_gradient is False
    x = np.random.default_rng(1).standard_normal((2, 3, 32, 32), dtype="float32")
    assert net.backward(np.ones_like(net.forward(x))) is None
    assert all(np.abs(layer.grads[key]).max() > 0 for _, layer, key in net.parameters() if key == "W")

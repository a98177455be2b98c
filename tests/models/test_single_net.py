"""The net on one device, beyond `test_models.py`: geometry, groups, and the table of presets."""

import numpy as np
import pytest

from minialex import Host, host
from minialex.layers import LRN, Conv2D
from minialex.models import alexnet_single, build, cifar_80sec, recipe
from minialex.presets import PRESETS, TABLE

# Figure 2: the output of each layer, for images of 224 or 227 pixels.
OUTPUTS = {
    "conv1": (96, 55, 55), "pool1": (96, 27, 27), "conv2": (256, 27, 27), "pool2": (256, 13, 13),
    "conv3": (384, 13, 13), "conv4": (384, 13, 13), "conv5": (256, 13, 13), "pool5": (256, 6, 6),
    "flatten": (9216,), "fc6": (4096,), "fc7": (4096,), "fc8": (7,),
}  # fmt: skip
ORDER = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"]
DIFFERENT = {  # from the paper
    "source": {
        "std_conv345", "lrn_average", "pool1_before_relu", "norm_within_maps", "bias_lr", "bias_decay",
        "divide_bias_lr", "divide_after", "colour",
    },
    "caffe": {
        "std_fc67", "bias_one", "lrn_k", "lrn_average", "lrn_groups", "dropout_inverted", "image_size", "batch",
        "bias_lr", "bias_decay", "divide_after", "augment",
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=PRESETS)
def net(request):
    """A preset, and its net: the real geometry with few classes. The fast kit's layers have the textbook's settings."""
    return request.param, alexnet_single(rng=np.random.default_rng(0), preset=request.param, classes=7)


def test_output_shapes_are_those_of_figure_2(net):
    layers = net[1].layers
    shape, shapes = (3, 224, 224), {}
    for name, layer in layers.items():
        shape = shapes[name] = layer.output_shape(shape)
    assert {name: shapes[name] for name in OUTPUTS} == OUTPUTS


def test_names_of_parameters_are_those_of_figure_2(net):
    assert list(net[1].state()) == [f"{layer}.{key}" for layer in ORDER for key in "Wb"]


def test_groups_and_edges_of_the_convolutions(net):
    convolutions = [net[1].layers[f"conv{i}"] for i in range(1, 6)]
    assert [layer.groups for layer in convolutions] == [1, 2, 1, 2, 2]
    assert [layer.pad for layer in convolutions] == [(0, 3), (2, 2), (1, 1), (1, 1), (1, 1)]
    assert [layer.input_gradient for layer in convolutions] == [False, True, True, True, True]


def test_normalization_stays_within_its_group_and_follows_the_preset(net):
    preset, layers = net[0], net[1].layers
    alpha = {"paper": 1e-4, "source": 2e-5, "caffe": 2e-5}[preset]
    k, groups = (1.0, 1) if preset == "caffe" else (2.0, 2)  # Caffe's windows span both groups
    for name in ("norm1", "norm2"):
        norm = layers[name]
        assert (norm.groups, norm.n, norm.k, norm.beta, norm.across) == (groups, 5, k, 0.75, "channels")
        assert norm.alpha == pytest.approx(alpha)
    assert ("norm2_within" in layers) == (preset == "source")


@pytest.mark.parametrize("size", [64, 65, 66, 67, 231])
def test_conv1_reads_the_whole_image_at_any_size_and_pads_by_less_than_its_stride(size):
    conv1 = alexnet_single(rng=np.random.default_rng(0), image_size=size, classes=2).layers["conv1"]
    before, after = conv1.pad
    assert (before, after) == (0, -(size - 11) % 4)
    assert (conv1.output_shape((3, size, size))[1] - 1) * 4 + 11 == size + after


def test_224_pixels_equal_227_of_which_the_last_three_are_zeros():
    # The smallest sizes that differ in the same way: 64 + 3 = 67.
    small, large = (alexnet_single(rng=np.random.default_rng(0), image_size=s, classes=3).eval() for s in (64, 67))
    images = np.random.default_rng(1).standard_normal((1, 3, 64, 64), dtype="float32")
    padded = np.pad(images, ((0, 0), (0, 0), (0, 3), (0, 3)))
    np.testing.assert_array_equal(small.forward(images), large.forward(padded))


def test_the_presets_differ_where_paper_source_and_caffe_differ():
    paper = PRESETS["paper"]._asdict()
    for column, (preset, different) in enumerate(DIFFERENT.items(), start=1):
        fields = PRESETS[preset]._asdict()
        assert {name for name in paper if paper[name] != fields[name]} == different
        assert fields == {name: values[column] for name, values in TABLE.items()}
    for name in ("lr", "bias_lr", "bias_decay", "divide_bias_lr", "divide_after", "batch", "image_size",
                 "augment", "colour"):  # fmt: skip
        for preset in PRESETS:
            assert getattr(recipe("alexnet_single", preset), name) == getattr(PRESETS[preset], name)


@pytest.mark.parametrize(("size", "sides"), [(32, [16, 8, 4]), (31, [15, 7, 3]), (24, [12, 6, 3]), (9, [4, 2, 1])])
def test_cifar_80sec_counts_windows_with_ceil_at_any_size(size, sides):
    net = cifar_80sec(rng=np.random.default_rng(0), image_size=size, classes=3)
    shape, pooled = (3, size, size), []
    for name, layer in net.layers.items():
        shape = layer.output_shape(shape)
        if name.startswith("pool"):
            pooled.append(shape[1])
    assert pooled == sides
    assert net.forward(np.zeros((2, 3, size, size), "float32")).shape == (2, 3)


def test_cifar_80sec_starts_with_biases_of_zero_and_computes_no_gradient_of_the_images():
    net = cifar_80sec(rng=np.random.default_rng(0))
    assert not any(value.any() for name, value in net.state().items() if name.endswith("b"))
    assert [layer.input_gradient for layer in net.layers.values() if isinstance(layer, Conv2D | host.kit.Conv2D)] == [
        False, True, True,
    ]  # fmt: skip
    assert not any(isinstance(layer, LRN | host.kit.LRN) for layer in net.layers.values())


@pytest.mark.parametrize("model", ["alexnet_single", "cifar_18pct"])
def test_a_net_without_groups_takes_one_device(model):
    with pytest.raises(ValueError, match=f"{model}: expected 1 devices at most, got 2; it has no groups"):
        build(model, [Host(workers=1)] * 2, rng=np.random.default_rng(0))

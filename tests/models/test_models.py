"""The nets: sizes, initial weights and normalization as in the paper and in the source."""

import numpy as np
import pytest

from minialex import alexnet, host, layers
from minialex.devices import Host
from minialex.models import alexnet_single, build, cifar_18pct, cifar_80sec, merge_groups, recipe, small_alexnet
from minialex.training.config import RunConfig

SIZES = {
    "conv1": (96, 3, 11, 11), "conv2": (256, 48, 5, 5), "conv3": (384, 256, 3, 3), "conv4": (384, 192, 3, 3),
    "conv5": (256, 192, 3, 3), "fc6": (4096, 9216), "fc7": (4096, 4096), "fc8": (1000, 4096),
}  # fmt: skip
ONES = {"conv2", "conv4", "conv5", "fc6", "fc7"}  # section 5: biases of 1
WIDER = {"conv3", "conv4", "conv5"}  # 0.03 in the source


@pytest.fixture(scope="module", params=["paper", "source", "caffe"])
def preset(request):
    return request.param


@pytest.fixture(scope="module", params=[alexnet, alexnet_single], ids=["two groups", "one device"])
def make(request):
    return request.param


@pytest.fixture(scope="module")
def state(make, preset):
    """The weights for small images and few classes, which are drawn sooner."""
    return merge_groups(make(rng=np.random.default_rng(0), preset=preset, image_size=67, classes=50).state())


def test_sizes(make):
    state = merge_groups(make(rng=np.random.default_rng(0)).state())
    assert {name: state[f"{name}.W"].shape for name in SIZES} == SIZES
    assert len(state) == 2 * len(SIZES)
    assert sum(value.size for value in state.values()) == 60_965_224


def test_initial_weights_and_biases(state, preset):
    one = 0.1 if preset == "caffe" else 1.0
    for name in SIZES:
        std = 0.03 if preset == "source" and name in WIDER else 0.01
        std = 0.005 if preset == "caffe" and name in ("fc6", "fc7") else std
        W = state[f"{name}.W"]
        assert W.dtype == "float32"
        assert W.std() == pytest.approx(std, rel=0.05)
        assert abs(W.mean()) < 0.05 * std
        assert set(state[f"{name}.b"]) == {np.float32(one) if name in ONES else 0.0}


def test_presets_set_the_order_of_layers_and_the_normalization(make):
    def first(preset):
        net = make(rng=np.random.default_rng(0), preset=preset, image_size=64, classes=3)
        return [(prefix.split(".")[-2], layer) for prefix, layer in net.walk() if not layer.layers and prefix]

    names = {preset: [name for name, _ in first(preset)] for preset in ("paper", "source")}
    for preset, order in (
        ("paper", ["conv1", "relu1", "norm1", "pool1"]),
        ("source", ["conv1", "norm1", "pool1", "relu1"]),
    ):
        start = names[preset].index("conv1")
        assert names[preset][start : start + 4] == order
    assert "norm2_within" in names["source"]
    assert "norm2_within" not in names["paper"]
    norms = {preset: dict(first(preset))["norm1"] for preset in names}
    assert norms["paper"].alpha == pytest.approx(1e-4)
    assert norms["source"].alpha == pytest.approx(2e-5)
    assert (norms["paper"].n, norms["paper"].k, norms["paper"].beta) == (5, 2.0, 0.75)


@pytest.mark.parametrize("size", [224, 227])
def test_both_sizes_give_55_and_6(size):
    net = alexnet_single(rng=np.random.default_rng(0), image_size=size)
    shape, shapes = (3, size, size), {}
    for name, layer in net.layers.items():
        shape = shapes[name] = layer.output_shape(shape)
    assert shapes["conv1"] == (96, 55, 55)
    assert shapes["pool5"] == (256, 6, 6)
    assert shapes["fc8"] == (1000,)


def test_images_that_are_too_small_are_refused():
    with pytest.raises(ValueError, match=r"at least 64 pixels, got 63; or use small_alexnet"):
        alexnet(rng=np.random.default_rng(0), image_size=63)
    with pytest.raises(ValueError, match=r"at least 8 pixels"):
        small_alexnet(rng=np.random.default_rng(0), image_size=4)


@pytest.mark.parametrize("size", [8, 9, 31, 32, 47, 48, 64, 65])
def test_small_alexnet_takes_any_size(size):
    net = small_alexnet(rng=np.random.default_rng(0), image_size=size, classes=4)
    assert net.forward(np.zeros((2, 3, size, size), "float32")).shape == (2, 4)
    assert net.backward(np.zeros((2, 4), "float32")) is None


def test_small_alexnet_has_a_million_parameters_and_alexnets_skeleton():
    small = small_alexnet(rng=np.random.default_rng(0))
    assert 0.8e6 < sum(value.size for value in small.state().values()) < 1.2e6
    big = alexnet(rng=np.random.default_rng(0), image_size=64, classes=2)
    assert list(small.layers) == list(big.layers)
    for name, layer in small.layers.items():
        assert type(layer) is type(big.layers[name])


def test_cifar_80sec():
    net = cifar_80sec(rng=np.random.default_rng(0))
    stds = {name: value.std() for name, value in net.state().items() if name.endswith("W")}
    for name, std in {"conv1": 1e-4, "conv2": 0.01, "conv3": 0.01, "fc4": 0.1, "fc5": 0.1}.items():
        assert stds[f"{name}.W"] == pytest.approx(std, rel=0.1)
    assert net.layers["pool1"].output_shape((32, 32, 32)) == (32, 16, 16)
    assert net.layers["pool3"].output_shape((64, 8, 8)) == (64, 4, 4)
    assert net.forward(np.zeros((2, 3, 32, 32), "float32")).shape == (2, 10)


def test_cifar_18pct():
    net = cifar_18pct(rng=np.random.default_rng(0))
    assert list(net.layers) == ["conv1", "pool1", "relu1", "norm1", "conv2", "relu2", "pool2", "norm2",
                                "conv3", "relu3", "pool3", "flatten", "fc4"]  # fmt: skip
    norm = net.layers["norm2"]
    assert (norm.n, norm.across, norm.k, norm.beta) == (3, "space", 1.0, 0.75)
    assert norm.alpha == pytest.approx(5e-5 / 9)
    assert net.state()["fc4.W"].shape == (10, 1024)
    assert recipe("cifar_18pct").weight_decay["fc4"] == 1.0
    assert recipe("cifar_18pct").divide_after == (120, 130)


def test_crops_and_rates_of_the_nets_with_local_layers():
    for model, epochs, dense in (("cifar_13pct", 140, 0.004), ("cifar_11pct", 450, 0.01)):
        r = recipe(model)
        assert (r.image_size, r.crops_from, r.augment, r.epochs) == (24, 32, ("crop", "reflection"), epochs)
        assert (r.divide_after, r.divide_bias_lr) == ((epochs - 20, epochs - 10), False)
        assert (r.weight_decay["local3"], r.weight_decay["fc5"], r.weight_decay["conv1"]) == (0.004, dense, 0.0)
        assert RunConfig.new(model=model, data="cifar10").scale == 32


def test_recipes():
    paper, source = recipe("alexnet", "paper"), recipe("alexnet", "source")
    assert (paper.lr, paper.bias_lr, paper.bias_decay, paper.momentum, paper.batch) == (0.01, 0.01, 0.0005, 0.9, 128)
    assert (source.bias_lr, source.bias_decay, source.divide_bias_lr) == (0.02, 0.0, False)
    assert source.divide_after == (25, 51, 79)
    caffe = recipe("alexnet_single", "caffe")
    assert (caffe.batch, caffe.image_size, caffe.divide_after) == (256, 227, (20, 40, 60, 80))
    assert (caffe.bias_lr, caffe.bias_decay, caffe.divide_bias_lr) == (0.02, 0.0, True)
    net = build("cifar_80sec", [host], rng=np.random.default_rng(0))
    assert recipe("cifar_80sec").divide_after == (8,)
    assert set(recipe("cifar_80sec").weight_decay) == {n for n, layer in net.layers.items() if layer.params}


def test_errors_for_unknown_models_suggest_the_nearest_name():
    with pytest.raises(ValueError, match=r"did you mean 'alexnet'"):
        recipe("alexent")
    with pytest.raises(ValueError, match=r"preset: .* did you mean 'source'"):
        alexnet(rng=np.random.default_rng(0), preset="sourc")


def test_one_device_holds_both_groups_and_three_are_too_many():
    one, three = Host(workers=1), [Host(workers=1) for _ in range(3)]
    net = build("small_alexnet", [one], rng=np.random.default_rng(0))
    assert net.layers["lower"].devices == (one, one)
    for model, most in (("small_alexnet", 2), ("cifar_80sec", 1)):
        with pytest.raises(ValueError, match=f"expected {most} devices at most, got 3"):
            build(model, three, rng=np.random.default_rng(0))


def test_a_given_kit_is_used():
    net = small_alexnet(rng=np.random.default_rng(0), kit=layers)
    assert type(net.layers["fc8"]) is layers.Dense
    assert type(small_alexnet(rng=np.random.default_rng(0)).layers["fc8"]) is host.kit.Dense

"""Weights that others trained: the logits here equal those of a PyTorch twin that loads the same file."""

import numpy as np
import pytest

from minialex import alexnet
from minialex.models import (
    alexnet_single,
    convert_weights,
    load_weights_file,
    merge_groups,
    read_weights,
    small_alexnet,
    torchvision_alexnet,
    write_weights,
)
from minialex.models.pretrained import as_image

CLASSES = 12
LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")
TORCHVISION = ("features.0", "features.3", "features.6", "features.8", "features.10", "classifier.1", "classifier.4",
          "classifier.6")  # fmt: skip


def random_state(net):
    """Return weights that keep the signal's size through the net, so that each one affects the logits; biases too."""
    rng = np.random.default_rng(3)
    state = {}
    for name, value in net.state().items():
        std = np.sqrt(2 / value[0].size) if name.endswith("W") else 0.3
        state[name] = rng.standard_normal(value.shape, dtype="float32") * np.float32(std)
    return state


@pytest.fixture(scope="module")
def caffe():
    """W and b of every layer as in Caffe, for pixels of 0 to 255, BGR: so large that normalization matters."""
    return random_state(alexnet_single(rng=np.random.default_rng(0), classes=CLASSES, image_size=227, preset="caffe"))


@pytest.fixture(scope="module")
def vision():
    """W and b of every layer as in torchvision, for pixels of unit variance."""
    return random_state(torchvision_alexnet(rng=np.random.default_rng(0), classes=CLASSES))


@pytest.fixture(scope="module")
def photo():
    """uint8 (1, 3, 227, 227), RGB; the three colours differ, so that their order matters."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (1, 3, 29, 29)).repeat(8, 2).repeat(8, 3)[:, :, :227, :227]
    return (coarse * np.array([1.0, 0.6, 0.3]).reshape(3, 1, 1)).astype(np.uint8)


def twin_of_caffe(torch):
    from torch import nn

    def norm():
        return nn.LocalResponseNorm(5, 1e-4, 0.75, 1.0)

    names = {
        "conv1": nn.Conv2d(3, 96, 11, 4), "relu1": nn.ReLU(), "norm1": norm(), "pool1": nn.MaxPool2d(3, 2),
        "conv2": nn.Conv2d(96, 256, 5, padding=2, groups=2), "relu2": nn.ReLU(), "norm2": norm(),
        "pool2": nn.MaxPool2d(3, 2), "conv3": nn.Conv2d(256, 384, 3, padding=1), "relu3": nn.ReLU(),
        "conv4": nn.Conv2d(384, 384, 3, padding=1, groups=2), "relu4": nn.ReLU(),
        "conv5": nn.Conv2d(384, 256, 3, padding=1, groups=2), "relu5": nn.ReLU(), "pool5": nn.MaxPool2d(3, 2),
        "flatten": nn.Flatten(), "fc6": nn.Linear(9216, 4096), "relu6": nn.ReLU(), "drop6": nn.Dropout(),
        "fc7": nn.Linear(4096, 4096), "relu7": nn.ReLU(), "drop7": nn.Dropout(), "fc8": nn.Linear(4096, CLASSES),
    }  # fmt: skip
    net = nn.Sequential()
    for name, layer in names.items():
        net.add_module(name, layer)
    return net.eval()


def twin_of_torchvision(torch):
    from torch import nn

    net = nn.Sequential()
    net.add_module("features", nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(),
        nn.MaxPool2d(3, 2), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
    ))  # fmt: skip
    net.add_module("avgpool", nn.AdaptiveAvgPool2d(6))
    net.add_module("flatten", nn.Flatten())
    net.add_module("classifier", nn.Sequential(
        nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(),
        nn.Linear(4096, CLASSES),
    ))  # fmt: skip
    return net.eval()


def logits_of(torch, twin, path, x):
    """Return the logits of a PyTorch net that loads the file itself, strictly."""
    from safetensors.torch import load_file

    twin.load_state_dict(load_file(path), strict=True)
    with torch.no_grad():
        return twin(torch.from_numpy(np.ascontiguousarray(x, dtype="float32"))).numpy()


def our_logits(loaded, photo):
    images = photo[:, :, : loaded.image_size, : loaded.image_size]
    return loaded.net.forward(np.subtract(images, loaded.mean, dtype="float32"))


def assert_equal(ours, theirs):
    assert ours.shape == theirs.shape == (1, CLASSES)
    assert theirs.std() > 0.1  # or else any net of these biases would do
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4 * abs(theirs).max())


CAFFE_MEAN_BGR = np.array([104.007, 116.669, 122.679]).reshape(3, 1, 1)


def caffes_input(photo):
    return photo[:, ::-1].astype("float64") - CAFFE_MEAN_BGR


def visions_input(photo):
    mean, std = (np.array(v).reshape(3, 1, 1) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    return (photo[:, :, :224, :224] / 255 - mean) / std


@pytest.fixture(scope="module")
def caffes_logits(caffe, photo, tmp_path_factory):
    torch = pytest.importorskip("torch")
    path = tmp_path_factory.mktemp("caffe") / "bvlc.safetensors"
    write_weights(path, renamed(caffe, ".weight", ".bias"))
    return path, logits_of(torch, twin_of_caffe(torch), path, caffes_input(photo))


def renamed(state, W, b):
    return {name.replace(".W", W).replace(".b", b): value for name, value in state.items()}


# -- equality of logits -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_torchvisions_file_gives_torchvisions_logits(vision, photo, tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    path = tmp_path / "alexnet.safetensors"
    theirs = dict(zip(LAYERS, TORCHVISION, strict=True))
    names = {f"{layer}.{k}": f"{module}.{long}" for layer, module in theirs.items()
             for k, long in (("W", "weight"), ("b", "bias"))}  # fmt: skip
    write_weights(path, {names[name]: value for name, value in vision.items()})
    loaded = load_weights_file(path)
    assert (loaded.image_size, loaded.classes) == (224, CLASSES)
    assert "norm1" not in loaded.net.layers
    np.testing.assert_allclose(loaded.mean[:, 0, 0], [123.675, 116.28, 103.53], rtol=1e-6)
    expected = logits_of(torch, twin_of_torchvision(torch), path, visions_input(photo))
    assert_equal(our_logits(loaded, photo), expected)
    # Written under our names it is the same net again, and PyTorch opens it: on our input, the logits agree.
    write_weights(tmp_path / "ours.safetensors", {**loaded.net.state(), "mean": loaded.mean[:, 0, 0]})
    again = load_weights_file(tmp_path / "ours.safetensors")
    assert_equal(our_logits(again, photo), expected)
    file = load_file(tmp_path / "ours.safetensors")
    twin = twin_of_torchvision(torch)
    twin.load_state_dict({theirs: file[ours] for ours, theirs in names.items()})
    x = np.subtract(photo[:, :, :224, :224], again.mean, dtype="float32")
    with torch.no_grad():
        assert_equal(expected, twin(torch.from_numpy(x)).numpy())


@pytest.mark.slow
def test_caffes_names_give_caffes_logits_and_the_order_of_colours_matters(caffes_logits, photo):
    path, expected = caffes_logits
    loaded = load_weights_file(path)
    assert (loaded.image_size, loaded.classes) == (227, CLASSES)
    np.testing.assert_allclose(loaded.mean[:, 0, 0], [122.679, 116.669, 104.007])
    assert_equal(our_logits(loaded, photo), expected)
    assert abs(our_logits(loaded, photo[:, ::-1]) - expected).max() > 0.05 * abs(expected).max()


def for_tensorflow(state, maps, side):
    """Return the state with kernels last, and with rows of fc6 in the order rows, columns, channels."""
    transposed = {}
    for name, value in state.items():
        W = value.reshape(-1, maps, side, side) if name == "fc6.W" else value
        transposed[name] = W.transpose(2, 3, 1, 0) if W.ndim == 4 else W.T
    return {**transposed, "fc6.W": transposed["fc6.W"].reshape(maps * side * side, -1)}


@pytest.mark.slow
def test_a_pickled_dictionary_that_was_made_for_tensorflow(caffe, caffes_logits, photo, tmp_path):
    theirs = for_tensorflow(caffe, maps=256, side=6)
    layers = {layer: [theirs[f"{layer}.W"], theirs[f"{layer}.b"]] for layer in LAYERS}
    np.save(tmp_path / "bvlc_alexnet.npy", layers, allow_pickle=True)
    assert_equal(our_logits(load_weights_file(tmp_path / "bvlc_alexnet.npy"), photo), caffes_logits[1])


# -- names and shapes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffixes", [(".weight", ".bias"), ("_w", "_b"), ("/0", "/1"), ("/weights", "/biases")])
def test_caffes_names_are_recognized_and_its_channels_are_reversed(suffixes):
    net = small_alexnet(rng=np.random.default_rng(0))
    expected = merge_groups(net.state())
    state, mean = convert_weights(renamed(expected, *suffixes), net)
    assert state.keys() == net.state().keys()
    state = merge_groups(state)
    np.testing.assert_array_equal(state["conv1.W"][:, 0], expected["conv1.W"][:, 2])
    np.testing.assert_array_equal(state["fc6.W"], expected["fc6.W"])
    np.testing.assert_allclose(mean, CAFFE_MEAN_BGR[::-1, 0, 0], rtol=1e-6)


@pytest.mark.slow
def test_a_state_in_two_groups_makes_the_net_in_two_groups(tmp_path):
    state = alexnet(rng=np.random.default_rng(5), classes=3).state()
    np.savez(tmp_path / "two.npz", **dict(reversed(state.items())))  # safetensors keeps no order either
    loaded = load_weights_file(tmp_path / "two.npz")
    assert "to_conv3" in loaded.net.layers
    assert not loaded.net.training
    result = loaded.net.state()
    for name, value in state.items():
        np.testing.assert_array_equal(value, result[name])


@pytest.mark.slow
def test_a_state_in_two_groups_fits_the_twin_on_one_device_and_back():
    two = alexnet(rng=np.random.default_rng(5), classes=3, image_size=64)
    one = alexnet_single(rng=np.random.default_rng(0), classes=3, image_size=64)
    merged, mean = convert_weights(two.state(), one)
    assert mean is None
    one.load_state(merged)
    np.testing.assert_array_equal(one.state()["conv1.W"][48:], two.state()["lower.b.conv1.W"])
    two.load_state(convert_weights(merged, two)[0])
    assert merged.keys() == merge_groups(two.state()).keys() == one.state().keys()


@pytest.mark.slow
def test_our_names_on_one_device_with_a_mean_image(tmp_path):
    net = alexnet_single(rng=np.random.default_rng(5), classes=3)
    image = np.full((3, 224, 224), 100, "float32")
    np.savez(tmp_path / "one.npz", mean=image, **net.state())
    loaded = load_weights_file(tmp_path / "one.npz", preset="source")
    assert "norm2_within" in loaded.net.layers
    np.testing.assert_array_equal(loaded.mean, image)
    with pytest.raises(ValueError, match=r"mean: expected \(3,\) or \(3, 224, 224\), got \(3, 5, 224\)"):
        as_image(image[:, :5], 224)


SMALL = {"conv1.W": (96, 3, 11, 11), "fc8.W": (2, 4096), "fc8.b": (2,), "conv1.b": (96,)}


def tiny(**changes):
    """Return small arrays under our names, most of whose shapes are wrong."""
    names = [f"{layer}.{key}" for layer in LAYERS for key in "Wb"]
    shapes = {name: SMALL.get(name, (1,)) for name in names}
    arrays = {name: np.zeros(shape, "float32") for name, shape in shapes.items()}
    return arrays | {name.replace("_", "."): value for name, value in changes.items()}


@pytest.mark.parametrize(("arrays", "message"), [
    (tiny(),                                     r"conv2\.W: expected \(256, 48, 5, 5\) for conv2\.W, got \(1,\); "),
    (tiny() | {"fc9.W": np.zeros(1, "f4")},      r"expected the 16 arrays of the net, got fc9\.W beside them"),
    (renamed(tiny(), ".w", ".b"),                r"expected an array conv1\.W, got conv1\.w.* rename conv1\.w"),
    ({"module.net.0": np.zeros(1, "f4")},       r"expected an array conv1\.W, got module\.net\.0 .*docs/weights\.md"),
    ({},                                        r"expected an array conv1\.W, got none"),
    (tiny(fc8_b=np.zeros(9, "f4")),              r"fc8\.W: expected 4096 weights for each of 9 classes, got \(2, 4"),
    (tiny(fc8_b=np.zeros(0, "f4")),              r"fc8\.W: expected 4096 weights for each of 0 classes"),
])  # fmt: skip
def test_what_does_not_fit_is_named_in_one_line(arrays, message, tmp_path):
    np.savez(tmp_path / "w.npz", **arrays)
    with pytest.raises(ValueError, match=rf"w\.npz: {message}") as caught:
        load_weights_file(tmp_path / "w.npz")
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_torchvisions_shapes_under_caffes_names_are_refused(vision):
    net = alexnet_single(rng=np.random.default_rng(0), classes=CLASSES, image_size=64)
    message = r"conv1\.weight: expected \(96, 3, 11, 11\) for conv1\.W, got \(64, 3, 11, 11\)"
    with pytest.raises(ValueError, match=message):
        convert_weights(renamed(vision, ".weight", ".bias"), net)


@pytest.mark.parametrize("suffixes", [("/0", "/1"), ("/weights", "/biases")])
def test_kernels_last_in_any_net(suffixes):
    net = small_alexnet(rng=np.random.default_rng(0))
    expected = merge_groups(net.state())
    state, _ = convert_weights(renamed(for_tensorflow(expected, maps=64, side=4), *suffixes), net)
    expected["conv1.W"] = expected["conv1.W"][:, ::-1]
    for name, value in merge_groups(state).items():
        np.testing.assert_array_equal(value, expected[name])


def test_reading_gives_what_was_written(tmp_path):
    state = {"conv1.W": np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3)), "conv1.b": np.ones(2, "f4")[::-1]}
    for name in ("a.npz", "a.safetensors"):
        write_weights(tmp_path / name, state)
        arrays = read_weights(tmp_path / name)
        assert arrays.keys() == state.keys()
        for key, value in state.items():
            np.testing.assert_array_equal(arrays[key], value)

"""Fine-tuning: a run that begins with the weights of another net."""

from dataclasses import replace

import numpy as np
import pytest
from console import refused, run
from PIL import Image
from small_runs import settings

from minialex import load_run
from minialex.data import Dataset, Split
from minialex.data.drawn.shapes import shapes
from minialex.models import load_weights_file, torchvision_alexnet, write_weights
from minialex.training import run as runs
from minialex.training.config import RunConfig
from minialex.training.run import train_run
from minialex.training.run_arrays import read_arrays
from minialex.training.transfer import begin_with_weights, fitting, tuned_config


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run on ten classes of drawn shapes, `run`; images of five of them, `five`; ten others in name only, `ten`."""
    root = tmp_path_factory.mktemp("transfer")
    train_run(settings(epochs=1), root / "run")
    for name, number in {"five": 5, "ten": 10}.items():
        for split in ("train", "val"):
            drawn = shapes(40, 16, seed=7, split=split)
            for i, (image, label) in enumerate(zip(drawn.images, drawn.labels, strict=True)):
                if label < number:
                    path = root / name / split / f"kind {label}" / f"{i}.png"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    Image.fromarray(image.transpose(1, 2, 0)).save(path)
    write_weights(root / "run.npz", load_run(root / "run").net.state())
    return root


QUICK = {"epochs": 2, "batch": 8, "seed": 1}


def tuned(folder, data="five", **given):
    return tuned_config(folder / "run", **{"data": str(folder / data), **QUICK, **given})


# -- what is trained ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def complete(folder):
    """A run that begins with the other, conv1 and conv2 frozen."""
    config = tuned(folder, freeze=("conv1", "conv2"), lr_factor=("fc8=10",))
    train_run(config, folder / "tuned")
    return folder / "tuned"


def test_the_frozen_layers_are_the_same_bits_and_the_others_are_not(folder, complete):
    before, after = load_run(folder / "run").net.state(), load_run(complete).net.state()
    assert after["fc8.W"].shape == (5, 512)
    for name, value in before.items():
        if not name.startswith("fc8"):
            assert np.array_equal(after[name], value) == name.startswith("lower"), name


def test_a_stopped_run_is_resumed_bit_for_bit_with_its_layers_frozen(folder, complete, tmp_path, monkeypatch):
    keep = runs.keep

    def killed(*arguments):
        keep(*arguments)
        raise KeyboardInterrupt

    (tmp_path / "weights").symlink_to(folder / "run")
    config = replace(RunConfig.read(complete), weights=str(tmp_path / "weights"), classes=())
    monkeypatch.setattr(runs, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        train_run(config, tmp_path / "run")
    monkeypatch.setattr(runs, "keep", keep)
    (tmp_path / "weights").unlink()  # they are not needed any more
    config = RunConfig.read(tmp_path / "run")
    assert (config.freeze, config.lr_factor) == (("conv1", "conv2"), ("fc8=10",))
    history = train_run(config, tmp_path / "run", resume=True)
    assert len(history) == 2
    for name in ("checkpoint.npz", "best.npz"):
        whole, resumed = read_arrays(complete / name), read_arrays(tmp_path / "run" / name)
        assert whole.pop("about") != resumed.pop("about")  # they began with weights of other names
        assert whole.keys() == resumed.keys()
        for key in whole.keys() - {"history"}:
            np.testing.assert_array_equal(whole[key], resumed[key], err_msg=key)


def test_a_frozen_layer_has_no_velocity(complete):
    names = {name for name in read_arrays(complete / "checkpoint.npz") if name.startswith("velocity/")}
    assert not any("conv1" in name or "conv2" in name for name in names)
    assert any("conv3" in name for name in names)


# -- what the net begins with -------------------------------------------------------------------------------------


def begin(config, pixels=16):
    """Return the net of a new run before its first step, and what is said about it."""
    images = np.zeros((5, 3, pixels, pixels), np.uint8)
    names = config.classes or tuple("abcde")
    split = Split(images, np.arange(5))
    config = replace(config, classes=names)
    net = config.build(np.random.default_rng(config.seed))
    first = net.state()
    texts = begin_with_weights(config, net, Dataset("d", names, split, split).train.images.shape[1:])
    return net, first, texts


@pytest.mark.parametrize("weights", ["run", "run.npz"])
def test_all_but_the_head_comes_from_the_weights(folder, weights):
    config = tuned_config(folder / weights, **({"model": "small_alexnet", "image_size": 16} if "." in weights else {}))
    net, first, texts = begin(config)
    source = load_run(folder / "run").net
    for name, value in net.state().items():
        np.testing.assert_array_equal(value, first[name] if "fc8" in name else source.state()[name])
    assert (texts["weights"], texts["head"]) == (str(folder / weights), "fc8: 10 -> 5 classes, new initial weights")


def test_the_same_classes_keep_the_head_and_others_of_the_same_number_do_not(folder):
    known = RunConfig.read(folder / "run").classes
    source = load_run(folder / "run").net.state()
    net, _, texts = begin(replace(tuned(folder), classes=known))
    np.testing.assert_array_equal(net.state()["fc8.W"], source["fc8.W"])
    assert texts["head"] == "fc8: the same 10 classes, its weights are kept"
    net, first, texts = begin(replace(tuned(folder), classes=tuple("abcdefghij")))
    np.testing.assert_array_equal(net.state()["fc8.W"], first["fc8.W"])
    assert texts["head"] == "fc8: 10 other classes, new initial weights"


def test_the_mean_is_that_of_the_weights(folder):
    source = load_run(folder / "run").net
    net, _, texts = begin(tuned(folder))
    np.testing.assert_array_equal(net.input_mean, source.input_mean)
    assert "that of the weights, not of these images: a net expects the inputs that it was" in texts["mean"]
    net, _, texts = begin(tuned(folder), pixels=20)  # larger, for crops of 16
    np.testing.assert_allclose(net.input_mean, source.input_mean.mean(axis=(1, 2), keepdims=True))
    assert texts["mean"] == "the mean colour of the weights: their mean image has 16 pixels, these images have 20"


def test_standardized_weights_stay_so(folder, tmp_path):
    train_run(settings(epochs=1, standardize=True), tmp_path / "run")
    config = tuned_config(tmp_path / "run", data=str(folder / "five"))
    assert config.standardize
    net, _, _ = begin(config)
    source = load_run(tmp_path / "run").net
    np.testing.assert_array_equal(net.input_std, source.input_std)
    np.testing.assert_array_equal(net.input_mean, source.input_mean)


def test_images_of_another_size_are_told_of(folder):
    net, _, texts = begin(tuned(folder, image_size=17, scale=17), pixels=17)  # fc6 reads as many maps
    assert texts["size"] == "17 pixels, where the weights were trained at 16"
    assert net.output_shape((3, 17, 17)) == (5,)


def test_means_of_all_kinds():
    image = np.random.default_rng(0).random((3, 4, 4), dtype="float32")
    assert fitting(image, (3, 4, 4))[0] is image
    assert fitting(image[:, :1, :1], (3, 4, 4))[0].shape == (3, 1, 1)
    np.testing.assert_array_equal(fitting(image[:, 0, 0], (3, 4, 4))[0][:, 0, 0], image[:, 0, 0])
    for mean in (image[:2], image[0], np.float32(3)):
        with pytest.raises(ValueError, match="mean: expected an image or a colour of 3 channels"):
            fitting(mean, (3, 4, 4))


@pytest.mark.slow
def test_an_alexnet_from_a_file_has_the_features_of_the_file(tmp_path):
    state = torchvision_alexnet(rng=np.random.default_rng(0), classes=6).state()
    names = {"conv1": 0, "conv2": 3, "conv3": 6, "conv4": 8, "conv5": 10, "fc6": 1, "fc7": 4, "fc8": 6}
    theirs = {}
    for name, value in state.items():
        layer, key = name.split(".")
        part = "features" if layer.startswith("conv") else "classifier"
        theirs[f"{part}.{names[layer]}.{'weight' if key == 'W' else 'bias'}"] = value
    write_weights(tmp_path / "a.safetensors", theirs)
    config = tuned_config(tmp_path / "a.safetensors", classes=("cat", "dog", "owl"))
    assert (config.model, config.image_size) == ("torchvision_alexnet", 224)
    net = config.build(np.random.default_rng(0))
    texts = begin_with_weights(config, net, (3, 256, 256))
    assert texts["head"] == "fc8: 6 -> 3 classes, new initial weights"
    loaded = load_weights_file(tmp_path / "a.safetensors")
    for name, value in loaded.net.state().items():
        if not name.startswith("fc8"):
            np.testing.assert_array_equal(net.state()[name], value)
    np.testing.assert_array_equal(net.input_mean[:, 0, 0], loaded.mean[:, 0, 0])


# -- commands -----------------------------------------------------------------------------------------------------


def test_the_command_tells_what_it_begins_with(capsys, folder, tmp_path):
    command = ("train", "--weights", folder / "run", "--freeze", "conv1,conv2", "--data", folder / "five")
    status, out, _ = run(capsys, *command, "--epochs", "1", "--batch", "8", "--out", tmp_path / "new")
    assert status == 0
    assert "head    fc8: 10 -> 5 classes, new initial weights" in out
    assert "frozen  conv1, conv2" in out
    config = RunConfig.read(tmp_path / "new")
    assert (config.model, config.image_size, config.freeze) == ("small_alexnet", 16, ("conv1", "conv2"))
    assert config.weights == str((folder / "run").resolve())
    after, before = load_run(tmp_path / "new").net.state(), load_run(folder / "run").net.state()
    np.testing.assert_array_equal(after["lower.b.conv2.W"], before["lower.b.conv2.W"])
    assert run(capsys, "train", "--resume", "--out", tmp_path / "new", "--epochs", "2")[0] == 0
    np.testing.assert_array_equal(load_run(tmp_path / "new").net.state()["lower.b.conv2.W"], before["lower.b.conv2.W"])
    options = ("train", "--resume", "--out", tmp_path / "new")
    refused(capsys, 2, "--weights with --resume: a resumed run", *options, "--weights", folder / "run")
    refused(capsys, 2, "--freeze conv3 differs from the run's conv1 conv2", *options, "--freeze", "conv3")


@pytest.mark.parametrize(
    ("status", "options", "message"),
    [
        (1, ["--weights", "none.npz"], "expected a file of weights or the folder of a run, got a path that does not"),
        (1, ["--weights", "five"], "expected the folder of a run, got one without config.json"),
        (1, ["--weights", "five/train/kind 0/0.png"], "expected a file .safetensors, .npz, .npy, got .png"),
        (1, ["--weights", "torn.npz"], "torn.npz: expected a file of weights, got a different or damaged one"),
        (1, ["--weights", "run/best.npz"], "give the run's folder"),
        (1, ["--weights", "run.npz"], "; name another net with --model"),
        (1, ["--weights", "run.npz", "--model", "cifar_80sec"], "run.npz: expected an array "),
        (1, ["--weights", "run.npz", "--standardize"], "expected weights for standardized images, got those of a file"),
        (1, ["--weights", "run", "--model", "alexnet"], "run: expected weights with model alexnet, got small_alexnet"),
        (1, ["--weights", "run", "--standardize"], "expected weights with standardize True, got False; leave out"),
        (1, ["--weights", "run", "--image-size", "24"], "; these weights are for images of 16 pixels"),
        (1, ["--weights", "run", "--freeze", "fc8"], "expected fc8 to learn, since its weights are new, got it frozen"),
        (2, ["--weights", "run", "--freeze", "conv1,cnv2"], "got 'cnv2'; did you mean 'conv2'?"),
        (2, ["--weights", "run", "--freeze", "lower,upper,fc6,fc7,fc8"], "expected a layer that learns, got all of"),
        (2, ["--freeze", "fc9"], "got 'fc9'; did you mean 'fc8'?"),
        (2, ["--lr-factor", "fc9=10"], "expected lr_factors by names of layers, got 'fc9'"),
        (2, ["--lr-factor", "fc8"], "expected LAYER=FACTOR, such as fc8=10, got 'fc8'"),
        (2, ["--lr-factor", "fc8=-1"], "expected lr_factors to be a number, 0 <= lr_factors < inf, got -1"),
    ],
    ids=str,
)
def test_what_is_wrong_is_one_line(capsys, folder, tmp_path, monkeypatch, status, options, message):
    monkeypatch.chdir(folder)
    (folder / "torn.npz").write_bytes((folder / "run.npz").read_bytes()[:5000])
    refused(capsys, status, message, "train", "--data", "five", "--out", tmp_path / "new", *options)
    assert not (tmp_path / "new").exists()


def test_a_run_without_weights_begins_as_before(folder):
    config = settings(classes=tuple("abcde"))
    split = Split(shapes(10, 16, seed=0).images, np.arange(10) % 5)
    net = config.build(np.random.default_rng(0))
    first = net.state()
    assert runs.begin(config, net, Dataset("d", config.classes, split, split)) == {}
    np.testing.assert_array_equal(net.state()["fc8.W"], first["fc8.W"])
    assert net.input_mean.shape == (3, 16, 16)

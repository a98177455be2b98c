"""The colour of kernels: by hand, by groups, and in the files of others."""

import numpy as np
import pytest
from console import run
from small_runs import settings as run_settings

from minialex.lab import filters as lab
from minialex.lab.frame.settings import Settings
from minialex.lab.kernel_colour import colour, first_kernels, permutation_p
from minialex.models import alexnet_single, small_alexnet, write_weights
from minialex.training.run import train_run

RNG = np.random.default_rng(0)


def test_grey_kernels_have_no_colour_and_opponent_ones_have_all():
    edge = RNG.standard_normal((1, 1, 5, 5))
    grey, opponent, red = (edge * np.reshape(channels, (1, 3, 1, 1)) for channels in ((1, 1, 1), (1, -1, 0), (1, 0, 0)))
    np.testing.assert_allclose(colour(np.concatenate([grey, opponent, red])), [0, 1, 2 / 3], atol=1e-12)
    assert colour(np.zeros((1, 3, 5, 5)))[0] == 0


def test_the_colour_of_noise_is_two_thirds_whatever_its_scale():
    noise = RNG.standard_normal((2000, 3, 5, 5))
    assert colour(noise).mean() == pytest.approx(2 / 3, abs=0.01)
    np.testing.assert_allclose(colour(-7 * noise), colour(noise))


@pytest.mark.parametrize("shape", [(4, 1, 5, 5), (4, 5, 5, 3), (4, 75)])
def test_kernels_of_other_than_three_channels_are_refused(shape):
    with pytest.raises(ValueError, match="kernels of 3 channels"):
        colour(np.zeros(shape))


def test_p_is_uniform_without_a_difference_and_small_with_one():
    p = [permutation_p(*RNG.normal(0.6, 0.1, (2, 16)), RNG, 200) for _ in range(300)]
    assert np.mean(p) == pytest.approx(0.5, abs=0.06)
    assert np.mean(np.array(p) <= 0.1) == pytest.approx(0.1, abs=0.06)
    a, b = RNG.normal(0.5, 0.1, 16), RNG.normal(0.7, 0.1, 16)
    assert permutation_p(a, b, RNG) < 0.002
    assert permutation_p(b, a, RNG) < 0.002  # on both sides


def test_p_by_hand():
    """Of six ways to deal 0, 0, 1, 1 to two groups of two, two part them: p is nearly 1/3."""
    a, b = np.zeros(2), np.ones(2)
    assert permutation_p(a, b, RNG) == pytest.approx(1 / 3, abs=0.03)
    assert permutation_p(np.array([0.0, 1.0]), np.array([0.0, 1.0]), RNG) == 1.0


def test_the_net_has_two_groups_that_conv3_reads():
    net = lab.two_group_net(rng=RNG, classes=10, image_size=32)
    assert net.output_shape((3, 32, 32)) == (10,)
    x = RNG.standard_normal((1, 3, 32, 32)).astype("float32")
    before = dict(net.outputs(x))["conv2"].copy()
    net["conv1"].params["W"][:16] += 1  # group a
    after = dict(net.outputs(x))["conv2"]
    np.testing.assert_array_equal(before[:, 24:], after[:, 24:])
    assert not np.allclose(before[:, :24], after[:, :24])


def test_kernels_are_kept_from_before_the_first_step_on(tmp_path):
    settings = Settings(tmp_path, "shapes", 20, 2, 1)
    kept = lab.kernels(settings.dataset(), settings, 0.01, 0)
    assert kept["epochs"].tolist() == [0, 1, 2]
    first = lab.two_group_net(rng=np.random.default_rng(0), classes=10, image_size=32).state()["conv1.W"]
    np.testing.assert_array_equal(kept["W"][0], first)
    assert not np.array_equal(kept["W"][1], kept["W"][2])
    assert kept["errors"].shape == (3,)
    last = lab.stages_table([kept]).splitlines()[-1]
    assert last.startswith("| 0 | 2 | ")
    assert last.endswith(f" | {100 * kept['errors'][2]:.2f} |")


def parted(W):
    """Return kernels whose first half is grey."""
    W = W.copy()
    W[: len(W) // 2] = W[: len(W) // 2].mean(axis=1, keepdims=True)
    return W


def test_weights_of_others_are_measured(tmp_path):
    """Figure 3's division, written as Caffe and TensorFlow would, is found in both."""
    conv1 = parted(RNG.standard_normal((96, 3, 11, 11)).astype("float32"))
    conv2 = RNG.standard_normal((256, 48, 5, 5)).astype("float32")
    np.savez(tmp_path / "caffe.npz", **{"conv1/0": conv1, "conv1/1": np.zeros(96, "f4"), "conv2/0": conv2})
    last = {"conv1/weights": conv1.transpose(2, 3, 1, 0), "conv2/weights": conv2.transpose(2, 3, 1, 0)}
    np.savez(tmp_path / "tensorflow.npz", **last)
    for name in ("caffe", "tensorflow"):
        W, groups = first_kernels(tmp_path / f"{name}.npz")
        assert groups == 2
        np.testing.assert_array_equal(W, conv1[:, ::-1])  # BGR
        text = lab.filters(Settings(tmp_path / "out", "shapes", 20, 1, 1), weights=tmp_path / f"{name}.npz")
        assert "| 2 groups | 0.000 | 0.6" in text  # noise: 2/3
        assert text.endswith(" 0.0002 |")
        assert (tmp_path / "out" / "kernels.png").stat().st_size > 5000


@pytest.mark.slow
def test_our_own_nets_are_measured(tmp_path):
    net = small_alexnet(rng=RNG)
    net["lower.a.conv1"].params["W"][:] = parted(net["lower.a.conv1"].params["W"])
    write_weights(tmp_path / "small.safetensors", net.state())
    W, groups = first_kernels(tmp_path / "small.safetensors")
    assert (len(W), groups) == (48, 2)
    np.testing.assert_allclose(colour(W)[:12], 0, atol=1e-6)
    single = alexnet_single(rng=RNG)
    write_weights(tmp_path / "single.npz", {name: value for name, value in single.state().items() if "conv" in name})
    assert first_kernels(tmp_path / "single.npz").groups == 2
    write_weights(tmp_path / "one.npz", {"features.0.weight": RNG.standard_normal((64, 3, 11, 11))})
    assert first_kernels(tmp_path / "one.npz").groups == 1


@pytest.mark.slow
def test_a_run_is_measured(tmp_path):
    train_run(run_settings(epochs=1), tmp_path / "run", progress=False)
    assert first_kernels(tmp_path / "run").groups == 2
    assert "48 kernels of 5x5" in lab.of_file(Settings(tmp_path / "out", "shapes", 1, 1, 1), tmp_path / "run")


def test_a_file_without_conv1_is_refused(tmp_path):
    write_weights(tmp_path / "other.npz", {"layer9.W": np.zeros((4, 3, 5, 5), "f4")})
    with pytest.raises(ValueError, match=r"other\.npz: expected an array conv1\.W, got layer9\.W"):
        first_kernels(tmp_path / "other.npz")


def test_the_folder_of_the_results_is_named(tmp_path, capsys):
    write_weights(tmp_path / "theirs.npz", {"features.0.weight": RNG.standard_normal((8, 3, 5, 5))})
    _, text, _ = run(capsys, "reproduce", "filters", "--weights", str(tmp_path / "theirs.npz"), "--out", str(tmp_path))
    out = tmp_path / "theirs"
    assert text.endswith(f"kept in {out}\n")
    assert {path.name for path in out.iterdir()} == {"table.md", "filters.png", "kernels.png"}

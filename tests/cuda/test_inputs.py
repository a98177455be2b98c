"""The input of a net from bytes, computed by a kernel: what `batches` computes on the host, bit for bit."""

import numpy as np
import pytest
from cuda_on_cpu import OnCpu, needs_compiler
from gpus import on_gpus

from minialex import Cuda, Host, host
from minialex.cuda.inputs import Inputs, inputs_on
from minialex.data import Augmentation, Split, batches
from minialex.data.augmentation import (
    AlternatingReflection,
    CentreCrop,
    PCAColour,
    RandomCrop,
    RandomReflection,
    RandomShift,
    RandomUpsideDown,
)

RNG = np.random.default_rng(0)
AXES = np.array([11400.0, 1090.0, 480.0]), np.linalg.qr(RNG.standard_normal((3, 3)))[0]
SPLIT = Split(RNG.integers(0, 256, (11, 3, 9, 12)).astype("uint8"), np.arange(11) % 3)
MEAN = RNG.uniform(90, 150, (3, 9, 12)).astype("float32")
DEVICE = OnCpu()


def both(steps, split=SPLIT, mean=MEAN, std=1.0, device=DEVICE):
    """Return the batches of one epoch, of the host and of the kernel."""
    draws = Augmentation(steps, seed=5).epoch(3, len(split))
    compute = inputs_on(device, split, mean, std, draws)
    assert isinstance(compute, Inputs)
    settings = {"mean": mean, "std": std, "draws": draws}
    return (
        list(batches(split, 4, rng=np.random.default_rng(1), **settings, **more)) for more in ({}, {"compute": compute})
    )


@needs_compiler
@pytest.mark.parametrize("steps", [
    (), (RandomCrop(7),), (CentreCrop(6),), (RandomReflection(),), (AlternatingReflection(),), (PCAColour(*AXES),),
    (RandomCrop(5), RandomReflection(), PCAColour(*AXES)), (RandomCrop(8), PCAColour(*AXES, preset="source")),
], ids=str)  # fmt: skip
def test_the_same_bits_as_on_the_host(steps):
    for (expected, labels), (got, others) in zip(*both(steps), strict=True):
        assert (got.dtype, got.shape) == (np.float32, expected.shape)
        np.testing.assert_array_equal(np.asarray(got), expected)
        np.testing.assert_array_equal(others, labels)


@on_gpus("cuda:0", slow=())
def test_the_same_bits_on_a_gpu(gpus):
    steps = RandomCrop(5), RandomReflection(), PCAColour(*AXES, preset="source")
    for (expected, _), (got, _) in zip(*both(steps, device=Cuda()), strict=True):
        np.testing.assert_array_equal(host.put(got), expected)


@needs_compiler
@pytest.mark.parametrize(("channels", "std"), [(3, 58.0), (3, [[[60]], [[55.5]], [[7]]]), (1, [[[2.5]]]), (5, 1.0)])
def test_a_mean_and_a_deviation_of_each_channel(channels, std):
    split = Split(RNG.integers(0, 256, (6, channels, 8, 8)).astype("uint8"), np.arange(6))
    mean = np.linspace(100, 130, channels, dtype="float32")[:, None, None]
    std = np.asarray(std, "float32")
    for (expected, _), (got, _) in zip(*both((RandomCrop(6), RandomReflection()), split, mean, std), strict=True):
        np.testing.assert_array_equal(np.asarray(got), expected)


def test_other_steps_and_floats_are_computed_on_the_host():
    grey = Split(SPLIT.images[:, :1], SPLIT.labels)
    floats = Split(SPLIT.images.astype("float32"), SPLIT.labels)
    for steps, split, device in (
        ((RandomShift(2),), SPLIT, DEVICE),
        ((RandomUpsideDown(),), SPLIT, DEVICE),
        ((RandomReflection(), RandomCrop(5)), SPLIT, DEVICE),  # the draws of a window would be those of its mirror
        ((RandomCrop(8), RandomCrop(6)), SPLIT, DEVICE),
        ((PCAColour(preset="image"),), SPLIT, DEVICE),
        ((PCAColour(*AXES),), grey, DEVICE),
        ((), floats, DEVICE),
        ((RandomCrop(5),), SPLIT, Host()),
    ):
        assert inputs_on(device, split, MEAN, 1.0, Augmentation(steps, seed=0).epoch(1, 11)) is None, steps


def test_a_crop_larger_than_the_images_is_named():
    with pytest.raises(ValueError, match="crop: expected images of at least 10 pixels, got 9"):
        both((RandomCrop(10),))

"""The kit on a GPU, against the textbook on the host: on the double of CuPy, and with -m gpu on a GPU."""

import numpy as np
import pairs
import pytest
from gpus import on_gpus

from minialex import Cuda, check_gradients, cuda, host, layers
from minialex.gradcases import CASES, TOLERANCE, Maker, separated

ON_A_GPU = on_gpus("cuda:0", slow=("cuda:0",))
PAIRS = pairs.pairs(cuda)
GRADIENTS = [pytest.param(make, shape, id=f"{name}, {s}") for name, s, shape, make in CASES if isinstance(make, Maker)]


@ON_A_GPU
@pytest.mark.parametrize(("ours", "theirs", "shape"), PAIRS)
def test_the_kit_on_a_gpu_is_the_textbook_on_the_host(gpus, ours, theirs, shape):
    gpu, rng = Cuda(), np.random.default_rng(2)
    x = rng.standard_normal(shape, dtype="float32")
    ours, expected = ours.to(gpu), theirs.forward(x)
    dy = rng.standard_normal(expected.shape, dtype="float32")
    with gpu:
        y, dx = ours.forward(gpu.put(x)), ours.backward(gpu.put(dy))
    pairs.close(host.put(y), expected)
    pairs.close(host.put(dx), theirs.backward(dy))
    for name, gradient in ours.grads.items():
        pairs.close(host.put(gradient), theirs.grads[name])


@ON_A_GPU
@pytest.mark.parametrize(("make", "shape"), GRADIENTS)
def test_gradients_of_the_kit_on_a_gpu(gpus, make, shape):
    rng = np.random.default_rng(0)
    errors = check_gradients(make(rng, cuda).to(Cuda()), separated(shape, rng), rng=rng)
    assert max(errors.values()) <= TOLERANCE, errors


@ON_A_GPU
@pytest.mark.parametrize("kind", ["Conv2D", "Dense"])
def test_tf32_rounds_and_full_precision_does_not(gpus, kind):
    """A product of 1152 or 1024 terms: 1e-6 apart in float32, 1e-3 with factors of 11 bits."""
    args, shape = {"Conv2D": ((128, 64, 3), (8, 128, 13, 13)), "Dense": ((1024, 64), (32, 1024))}[kind]
    x = np.random.default_rng(0).standard_normal(shape)
    exact = getattr(layers, kind)(*args, rng=np.random.default_rng(1)).astype("float64").forward(x)
    for tf32, least, most in ((False, 0, 1e-5), (True, 1e-5, 1e-2)):
        gpu = Cuda(tf32=tf32)
        layer = getattr(cuda, kind)(*args, rng=np.random.default_rng(1)).to(gpu)
        with gpu:
            y = host.put(layer.forward(gpu.put(x.astype("float32"))))
        assert least <= np.max(abs(y - exact)) / np.max(abs(exact)) <= most


@ON_A_GPU
def test_two_runs_give_the_same_bits(gpus):
    results = []
    for _ in range(2):
        gpu, rng = Cuda(), np.random.default_rng(0)
        layer = cuda.Conv2D(16, 32, 5, pad=2, groups=2, rng=rng).to(gpu)
        with gpu:
            y = layer.forward(gpu.put(rng.standard_normal((32, 16, 27, 27), dtype="float32")))
            dx = layer.backward(gpu.put(rng.standard_normal(y.shape, dtype="float32")))
        results.append([host.put(array) for array in (y, dx, *layer.grads.values())])
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)

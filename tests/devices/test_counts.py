"""What a training step asks of a GPU, counted on the double of CuPy: kernels, bytes, transfers and waits."""

import numpy as np
import pytest
from kernels_on_cpu import COMPILER
from two_groups import two_groups

from minialex import Cuda, Sequential, cuda, layers
from minialex.data import Split
from minialex.devices import devices_from
from minialex.models import small_alexnet
from minialex.training import SGD, fit

RNG = np.random.default_rng(0)
pytestmark = pytest.mark.usefixtures("double")


@pytest.mark.parametrize(("layer", "shape", "forward", "backward"), [
    (lambda: layers.Conv2D(4, 6, 3, pad=1, groups=2, rng=RNG), (2, 4, 8, 8), 5, 17),
    (lambda: layers.LRN(), (2, 8, 6, 6), 14, 16),
    (lambda: layers.MaxPool(), (2, 8, 7, 7), 5, 28),
    (lambda: layers.Dense(8, 4, rng=RNG), (2, 8), 2, 3),
    (lambda: layers.ReLU(), (2, 8), 2, 1),
    (lambda: layers.Dropout(rng=RNG), (2, 8), 2, 2),
], ids=["Conv2D", "LRN", "MaxPool", "Dense", "ReLU", "Dropout"])  # fmt: skip
def test_launches_of_the_textbook(double, layer, shape, forward, backward):
    gpu = Cuda()
    net = Sequential(it=layer().to(gpu))
    x = gpu.put(RNG.standard_normal(shape, dtype="float32"))
    with double.counting() as first:
        y = net.forward(x)
    with double.counting() as second:
        net.backward(y)
    assert (first.launches, second.launches) == (forward, backward)


@pytest.mark.parametrize(("kit", "launches"), [
    (layers, 658),
    pytest.param(cuda, 242, marks=pytest.mark.skipif(COMPILER is None, reason="no C++ compiler")),
], ids=["textbook", "kit"])  # fmt: skip
def test_launches_of_a_step(double, kit, launches):
    gpu = Cuda()
    net, head = small_alexnet((gpu, gpu), rng=np.random.default_rng(0), kit=kit), layers.SoftmaxCrossEntropy().to(gpu)
    images = np.ones((4, 3, 32, 32), "float32")
    with double.counting() as work:
        head.forward(net.forward(gpu.put(images)), np.zeros(4, int))
        net.backward(head.backward())
    assert work.launches == launches
    masks = [4 * 256] * 4  # dropout draws on the host: a byte a unit, in two layers of two groups
    assert sorted(work.to_gpu) == sorted([images.nbytes, *masks, 8 * 4])


@pytest.mark.parametrize("groups", [1, 2])
def test_no_transposed_columns_are_copied(double, groups):
    gpu = Cuda()
    conv = Sequential(it=layers.Conv2D(4, 4, 3, groups=groups, rng=RNG).to(gpu))
    y = conv.forward(gpu.put(np.ones((8, 4, 12, 12), "float32")))
    columns = 4 * 9 * 8 * 10 * 10 * 4  # bytes
    with double.counting() as work:
        conv.backward(y)
    assert max(kernel.bytes for kernel in work.kernels if kernel.name == "copy") < columns


def test_the_update_works_on_whole_arrays(double):
    gpu = Cuda()
    net = Sequential(fc1=layers.Dense(1000, 500, rng=RNG).to(gpu))  # W: 8 pieces of the host's
    net.backward(net.forward(gpu.put(np.ones((2, 1000), "float32"))))
    sgd = SGD(net, 0.01)
    sgd.step()  # which makes the velocities
    with double.counting() as work:
        sgd.step()
    assert work.launches == 6 * 2


@pytest.mark.parametrize("names", ["cuda:0", "cuda:0,cuda:1", "cuda:0,cuda:0"])
def test_the_host_waits_once_a_step(double, names):
    """Once for kernels; with the loss come the logits, when nothing is left to wait for."""
    devices = devices_from(names)
    net = two_groups(devices if len(devices) == 2 else devices * 2)
    train = Split(RNG.integers(0, 256, (12, 5, 1, 1)).astype("uint8"), RNG.integers(0, 3, 12))
    net = Sequential(flatten=layers.Flatten().to(devices[0]), net=net)
    with double.counting() as work:
        fit(net, train, sgd=SGD(net, 1e-6), epochs=1, rng=RNG, batch=4, progress=False)
    assert work.waits_for_kernels == 3  # steps
    once, images, labels, drawn = [20] * 2, [20] * 3, [32] * 3, [128] * 3  # bytes; once: the mean and the deviation
    assert sorted(work.to_gpu) == sorted(once + images + labels + drawn)
    assert work.to_host == [4, 48] * 3  # of the loss and the logits


def test_images_are_staged_while_the_step_before_computes(double, monkeypatch):
    """By the thread that prepares them: `put` copies to pinned memory before it returns."""
    from threading import current_thread

    gpu, callers = Cuda(), []
    put = Cuda.put

    def noted(self, x):
        if getattr(x, "dtype", None) == np.uint8:
            callers.append(current_thread().name)
        return put(self, x)

    monkeypatch.setattr(Cuda, "put", noted)
    net = Sequential(flatten=layers.Flatten(), fc1=layers.Dense(5, 3, rng=RNG)).to(gpu)
    train = Split(RNG.integers(0, 256, (8, 5, 1, 1)).astype("uint8"), RNG.integers(0, 3, 8))
    fit(net, train, sgd=SGD(net, 1e-6), epochs=1, rng=RNG, batch=4, progress=False)
    assert callers == ["batches ahead"] * 2

"""On a GPU: the gradient table, and NumPy against CuPy array by array. Run with -m gpu, or -m multi_gpu for two.

CuPy's performance warnings (a copy between GPUs that nobody asked for) are errors here, as all warnings are.
"""

import numpy as np
import pytest

from minialex import Cuda, alexnet, check_gradients, host, layers
from minialex.devices.names import devices_from
from minialex.gradcases import CASES, separated
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.training import SGD


@pytest.mark.gpu
@pytest.mark.parametrize(("layer", "setting", "shape", "make"), CASES, ids=lambda c: c if isinstance(c, str) else "")
def test_gradients_on_a_gpu(layer, setting, shape, make):
    rng = np.random.default_rng(0)
    errors = check_gradients(make(rng).to(Cuda()), separated(shape, rng), rng=rng)
    assert max(errors.values()) <= 1e-6, errors


def five_steps(devices):
    """All that five training steps make: logits, gradients and parameters, step by step."""
    rng = np.random.default_rng(0)
    net = small_alexnet(devices, rng=rng, kit=layers)
    head, sgd = SoftmaxCrossEntropy().to(devices[0]), SGD(net, 0.01)
    data = np.random.default_rng(1)
    for _ in range(5):
        images = 50 * data.standard_normal((16, 3, 32, 32), dtype="float32")
        labels = data.integers(0, 10, 16)
        logits = net.forward(devices[0].put(images))
        with devices[0]:
            head.forward(logits, labels)
            dlogits = head.backward()
        net.backward(dlogits)
        grads = {p + key: host.put(value) for p, layer in net.walk() for key, value in layer.grads.items()}
        sgd.step()
        yield {"logits": host.put(logits), **grads, **{f"{name} after": value for name, value in net.state().items()}}


def assert_equal_runs(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            scale = abs(value).max()
            assert scale > 0, name
            assert abs(value - other[name]).max() <= 2e-4 * scale, name


@pytest.mark.gpu
def test_cupy_trains_as_numpy_does():
    gpu = Cuda()
    assert_equal_runs(five_steps((host, host)), five_steps((gpu, gpu)))


@pytest.mark.gpu
def test_two_groups_on_streams_of_one_gpu_train_as_one_device_does():
    gpu = Cuda()
    assert_equal_runs(five_steps((gpu, gpu)), five_steps(devices_from("cuda:0,cuda:0")))


@pytest.mark.multi_gpu
def test_two_gpus_train_as_one_host_does():
    assert_equal_runs(five_steps((host, host)), five_steps((Cuda(0), Cuda(1))))


@pytest.mark.multi_gpu
def test_the_papers_net_runs_on_two_gpus():
    net = alexnet((Cuda(0), Cuda(1)), rng=np.random.default_rng(0), kit=layers)
    logits = net.forward(net.device.put(np.zeros((2, 3, 224, 224), "float32")))
    assert logits.shape == (2, 1000)
    assert Cuda(0).holds(logits)

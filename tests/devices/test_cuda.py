"""On GPUs: the gradient table, and training as on the host, array by array.

At every run on the double of CuPy; on GPUs with -m gpu, or -m multi_gpu for two. There CuPy's performance warnings (a
copy between GPUs that nobody asked for) are errors, as all warnings are.
"""

import numpy as np
import pytest
from gpus import ALL, on_gpus

from minialex import Cuda, alexnet, check_gradients, cuda, host, layers
from minialex.devices import devices_from
from minialex.gradcases import CASES, separated
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.training import SGD

QUICK = [case for case in CASES if case[0] in ("Dense", "SoftmaxCrossEntropy")]


def check(case, devices):
    _, _, shape, make = case
    (gpu,), rng = devices_from(devices), np.random.default_rng(0)
    errors = check_gradients(make(rng).to(gpu), separated(shape, rng), rng=rng)
    assert max(errors.values()) <= 1e-6, errors


@on_gpus("cuda:0", "cuda:1")
@pytest.mark.parametrize("case", QUICK, ids=lambda case: case[0])
def test_gradients_on_a_gpu(gpus, case):
    check(case, gpus)


@on_gpus("cuda:0", slow=("cuda:0",))
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}")
def test_all_gradients_on_a_gpu(gpus, case):
    check(case, gpus)


KITS = pytest.mark.parametrize("kit", [layers, cuda], ids=["textbook", "kit"])


def steps(devices, dtype, count, kit=layers):
    """Yield what training steps make: loss, logits, gradients and parameters, step by step."""
    devices = devices if len(devices) == 2 else devices * 2
    net = small_alexnet(devices, rng=np.random.default_rng(0), kit=kit).astype(dtype)
    head, sgd = SoftmaxCrossEntropy().to(devices[0]), SGD(net, 0.01)
    data = np.random.default_rng(1)
    for _ in range(count):
        images, labels = 50 * data.standard_normal((6, 3, 32, 32)).astype(dtype), data.integers(0, 10, 6)
        logits = net.forward(devices[0].put(images))
        loss = head.forward(logits, labels)
        net.backward(head.backward())
        grads = {name: host.put(layer.grads[key]) for name, layer, key in net.parameters()}
        sgd.step()
        yield {"loss": np.array(loss), "logits": host.put(logits), **grads} | {
            f"{name} after": value for name, value in net.state().items()
        }


def assert_equal_runs(ours, theirs, tolerance):
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            scale = abs(value).max()
            assert scale > 0, name
            assert abs(value - other[name]).max() <= tolerance * scale, name


@on_gpus(*ALL, slow=("cuda:0", "cuda:1", "cuda:0,cuda:1", "cuda:1,cuda:0"))
@KITS
def test_cupy_trains_as_numpy_does(gpus, kit):
    """In float64: in float32 one ReLU that rounding has switched on or off would make a difference of 1e-3."""
    assert_equal_runs(steps((host, host), "float64", 2), steps(devices_from(gpus), "float64", 2, kit), 1e-9)


@on_gpus("cuda:0", "cuda:0,cuda:0", slow=("cuda:0", "cuda:0,cuda:0"))
@KITS
def test_the_losses_in_float32_are_those_of_the_host(gpus, kit):
    ours = [step["loss"] for step in steps(devices_from(gpus), "float32", 5, kit)]
    theirs = [step["loss"] for step in steps((host, host), "float32", 5)]
    np.testing.assert_allclose(ours, theirs, rtol=1e-2)


@on_gpus("cuda:0,cuda:1", slow=("cuda:0,cuda:1",))
def test_the_papers_net_runs_on_two_gpus(gpus):
    net = alexnet(devices_from(gpus), rng=np.random.default_rng(0))
    logits = net.forward(net.device.put(np.zeros((2, 3, 224, 224), "float32")))
    assert logits.shape == (2, 1000)
    assert Cuda(0).holds(logits)

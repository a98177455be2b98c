"""Devices: putting, sharing, and the one sentence where there is no GPU."""

import copy
import subprocess
import sys

import numpy as np
import pytest

from minialex import Cuda, Host, host
from minialex.devices.names import devices_from
from minialex.layers import Dense


def test_host_puts_arrays_lists_and_what_is_on_a_gpu(double):
    assert host.put([1, 2]).tolist() == [1, 2]
    assert host.put(double.arange(3)).tolist() == [0, 1, 2]
    x = np.ones(2)
    assert host.put(x) is x


def test_host_makes_arrays():
    zeros, empty = host.zeros((2, 3)), host.empty((2, 3), "float64")
    assert (zeros.dtype, zeros.sum()) == ("float32", 0)
    assert (empty.dtype, empty.shape) == ("float64", (2, 3))


def test_a_device_is_a_place_also_in_a_copy():
    layer = Dense(2, 3, rng=np.random.default_rng(0))
    assert copy.deepcopy(layer).device is host


@pytest.mark.parametrize("workers", [0, -1, 1.5, "two", True])
def test_host_wants_a_number_of_workers(workers):
    with pytest.raises(ValueError, match="workers to be an integer >= 1"):
        Host(workers=workers)


def test_cuda_without_cupy_says_what_to_install(monkeypatch):
    monkeypatch.setattr("minialex.devices.cuda.find_spec", lambda name: None)
    with pytest.raises(
        RuntimeError, match=r"CuPy is not installed; pip install 'minialex\[cuda13x\]'.*or use Host\(\)"
    ):
        Cuda(0)


@pytest.mark.parametrize(("count", "advice"), [(0, "use Host"), (1, "use a smaller number")])
def test_cuda_without_that_gpu_says_what_to_use(monkeypatch, count, advice):
    monkeypatch.setattr(Cuda, "_visible_gpus", staticmethod(lambda: count))
    with pytest.raises(RuntimeError, match=f"Cuda\\(1\\): .* this machine has {count}; {advice}"):
        Cuda(1)


def test_cuda_with_cupy_but_no_gpu():
    cupy = pytest.importorskip("cupy", reason="CuPy is not installed")
    if cupy.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(RuntimeError, match="this machine has 0; use Host"):
        Cuda()


def test_cuda_wants_a_number():
    with pytest.raises(ValueError, match="the number of a GPU"):
        Cuda("0")


def test_devices_by_name():
    assert devices_from("cpu") == (host,)
    assert [device.workers for device in devices_from("cpu:0, cpu:1")] == [1, 1]
    assert devices_from("cpu", workers=3)[0].workers == 3
    for wrong in ("gpu:0", "cpu:x", ""):
        with pytest.raises(ValueError, match="expected cpu, cpu:0,cpu:1, cuda:0"):
            devices_from(wrong)


def test_layers_move_with_their_containers_and_forget():
    layer, other = Dense(2, 3, rng=np.random.default_rng(0)), Host(workers=1)
    layer.forward(np.ones((1, 2), "float32"))
    assert layer.to(other).device is other
    with pytest.raises(RuntimeError, match="backward came without a forward"):
        layer.backward(np.ones((1, 3), "float32"))


def test_import_is_light():
    """`import minialex` loads neither CuPy nor matplotlib, nor anything else that a layer has no use for."""
    heavy = "cupy", "matplotlib", "PIL", "torch", "pooch"
    code = f"import sys, minialex, minialex.layers, minialex.models; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("shape", [(), (0, 3), (1,), (7,), (3, 50_000), (200_000,), (2, 3, 4)], ids=str)
def test_elementwise_work_sees_every_element_once(shape):
    for device in (Host(workers=1), Host(workers=2)):
        a, b = np.zeros(shape), np.arange(np.prod(shape, dtype=int)).reshape(shape)

        def add(a, b):
            a += b + 1

        device.elementwise(add, a, b)
        np.testing.assert_array_equal(a, b + 1)

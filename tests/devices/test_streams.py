"""The order of streams: what `put` waits for, on the double; and that every broken order is found there."""

import gc
import inspect
import textwrap

import numpy as np
import pytest
from gpus import ALL, on_gpus
from two_groups import two_groups, two_steps

from minialex import Cuda, Host, Sequential, host
from minialex.devices import cuda, devices_from, streams
from minialex.layers import Dense
from minialex.parallel import Replicas
from minialex.training import SGD
from minialex.training.divergence import cause
from minialex.variants import BatchNorm

X = np.random.default_rng(0).standard_normal((3, 4, 5)).astype("float32")


def both(names):
    devices = devices_from(names)
    return devices if len(devices) == 2 else devices * 2


@on_gpus(*ALL, kit=False)
def test_two_steps_of_two_groups(gpus):
    theirs = two_steps((host, host))
    for name, value in two_steps(both(gpus)).items():
        np.testing.assert_allclose(value, theirs[name], rtol=1e-5, atol=1e-6, err_msg=name)


# -- broken on purpose --------------------------------------------------------------------------------------------


def changed(method, before, after):
    """Return the method with a part of its source replaced."""
    source = textwrap.dedent(inspect.getsource(method))
    assert source.count(before) == 1, source
    names = {}
    exec(source.replace(before, after), vars(streams), names)
    return names[method.__name__]


def races_of(double, devices):
    two_steps(devices_from(devices))
    gc.collect()  # what is released late counts too
    got = list(double.races)
    double.races.clear()
    return got


@pytest.mark.parametrize("devices", ["cuda:0,cuda:0", "cuda:0,cuda:1"])
@pytest.mark.parametrize(("before", "after", "race"), [
    ("device.stream.wait_event(event)", "pass", "does not wait for positive"),
    ("stream.wait_event(arrived)", "pass", "is released while"),
])  # fmt: skip
def test_a_copy_without_its_waits_is_a_race(double, monkeypatch, devices, before, after, race):
    monkeypatch.setattr(cuda, "copied", changed(streams.copied, before, after))
    assert any(race in one for one in races_of(double, devices))


def test_to_put_what_is_on_the_gpu_as_it_is_is_a_race(double, monkeypatch):
    monkeypatch.setattr(cuda, "copied", lambda x, device: x)
    assert any("does not wait for" in one for one in races_of(double, "cuda:0,cuda:0"))


def test_streams_that_do_not_wait_for_the_null_stream_race(double, monkeypatch):
    stream = double.cuda.Stream
    monkeypatch.setattr(double.cuda, "Stream", type("Free", (stream,), {
        "__init__": lambda self, null=False, non_blocking=True: stream.__init__(self, null, non_blocking)
    }))  # fmt: skip
    assert any("to main memory (GPU 0, null stream) does not wait" in one for one in races_of(double, "cuda:0,cuda:0"))


def test_to_pack_on_whichever_stream_is_current_is_a_race(double, monkeypatch):
    a, b = devices_from("cuda:0,cuda:0")
    with b:
        x = double.permute_dims(b.put(X) * 2, (1, 0, 2))
    monkeypatch.setattr(cuda, "copied", changed(streams.copied, "with x.device, null:", "with x.device:"))
    with a:
        Cuda(1).put(x)
    assert any("copy (GPU 0, stream" in one and "does not wait for multiply" in one for one in double.races)
    double.races.clear()


# -- put ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["cuda:0", "cuda:1", "stream"])
def test_a_transposed_array_is_packed_after_it_is_computed(double, to):
    a, b = devices_from("cuda:0,cuda:0")
    with b:
        x = double.permute_dims(b.put(X) * 2, (1, 0, 2))
    with a:
        y = (a if to == "stream" else devices_from(to)[0]).put(x)
    np.testing.assert_array_equal(host.put(y), 2 * X.transpose(1, 0, 2))


@on_gpus("cuda:0,cuda:0", kit=False)
def test_streams_are_forgotten_with_their_devices(gpus):
    x = Cuda(0).put(X)
    assert Cuda(0).put(x) is x
    a, b = devices_from(gpus)
    assert len(streams.own[0]) == 2
    with a:
        y = a.put(X) * 2
    del a, b
    gc.collect()
    assert not streams.own[0]
    np.testing.assert_array_equal(host.put(Cuda(0, stream=True).put(y) + 1), 2 * X + 1)  # after the stream's last work
    gc.collect()


def test_what_another_stream_computes_is_awaited_on_the_way_home(double):
    a, b = devices_from("cuda:0,cuda:0")
    with b:
        x = b.put(X) * 2
    with a:
        np.testing.assert_array_equal(host.put(x), 2 * X)


# -- computations outside a container -------------------------------------------------------------------------------


@on_gpus("cuda:1", kit=False)
def test_arrays_stay_on_their_gpu(gpus):
    (gpu,) = devices_from(gpus)
    layer = Dense(3, 2, rng=np.random.default_rng(0)).to(gpu).astype("float64")
    assert gpu.holds(layer.params["W"])
    assert layer.params["W"].dtype == "float64"
    gpu.assign(layer.params["W"], (1, 2), 5.0)
    assert host.put(layer.params["W"])[1, 2] == 5


@on_gpus("cuda:1,cuda:0", "cuda:0,cuda:0", kit=False)
def test_replicas_of_a_net_with_running_means(gpus):
    def after_a_step(devices):
        net = Replicas(Sequential(fc1=Dense(5, 4, rng=np.random.default_rng(0)), norm1=BatchNorm(4)), devices)
        x = np.random.default_rng(1).standard_normal((6, 5)).astype("float32")
        y = net.forward(net.device.put(x))
        net.backward(y)
        SGD(net, 0.1).step()
        return net.state()

    theirs = after_a_step((Host(workers=1), Host(workers=1)))
    for name, value in after_a_step(devices_from(gpus)).items():
        np.testing.assert_allclose(value, theirs[name], rtol=1e-5, atol=1e-6, err_msg=name)


@on_gpus("cuda:0,cuda:0", kit=False)
def test_the_outputs_of_both_groups_are_looked_at(gpus):
    devices = devices_from(gpus)
    net = two_groups(devices)
    images = devices[0].put(np.ones((2, 5), "float32"))
    assert "every layer's output is finite" in cause(net, images, SGD(net, 0.1))

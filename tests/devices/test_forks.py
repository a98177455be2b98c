"""Children of a process whose workers have threads: forked in the midst of work, or started anew and given pickles."""

import copy
import multiprocessing
import os
import pickle
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from minialex import Host, Sequential, alexnet, host
from minialex.devices import devices_from
from minialex.layers import Conv2D, Dense, Flatten, ReLU, SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.training import SGD, Adam, Plateau

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
SECONDS = 120  # until a child that hangs is killed; it needs less than one
IMAGES = np.random.default_rng(1).standard_normal((6, 3, 16, 16)).astype("float32")
LABELS = np.array([0, 1, 2, 0, 1, 2])


def small_net(workers=3):
    rng = np.random.default_rng(0)
    net = Sequential(conv1=Conv2D(3, 8, 3, rng=rng), relu1=ReLU(), flatten=Flatten(), fc=Dense(8 * 14 * 14, 3, rng=rng))
    return net.to(Host(workers=workers))


def step(net, sgd):
    head = SoftmaxCrossEntropy()
    loss = head.forward(net.forward(IMAGES), LABELS)
    net.backward(head.backward())
    sgd.step()
    return loss


def in_forked_child(work):
    """Return what `work()` returns in a forked child, as text; None where the child had to be killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, repr(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    watch = threading.Timer(SECONDS, os.kill, (child, signal.SIGKILL))
    watch.start()
    with os.fdopen(reading) as answer:
        text = answer.read()
    watch.cancel()
    os.waitpid(child, 0)
    return text


@forks
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_net_that_was_used_works_in_a_forked_child():
    net = small_net()
    twin = copy.deepcopy(net)
    step(net, SGD(net, 0.1))  # its workers have threads now
    step(twin, SGD(twin, 0.1))
    assert in_forked_child(lambda: step(net, SGD(net, 0.1))) == repr(step(twin, SGD(twin, 0.1)))


@forks
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_groups_on_two_devices_work_in_a_forked_child():
    net = small_alexnet(devices_from("cpu:0,cpu:1"), classes=3, image_size=16, rng=np.random.default_rng(0)).eval()
    before = net.forward(IMAGES)
    assert in_forked_child(lambda: net.forward(IMAGES).tolist()) == repr(before.tolist())


@forks
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_while_another_thread_trains_does_not_hang():
    net = small_net(2)
    other = copy.deepcopy(net)  # on the same device, whose workers the thread keeps busy
    end = threading.Event()

    def train():
        sgd = SGD(other, 0.001)
        while not end.is_set():
            step(other, sgd)

    thread = threading.Thread(target=train)
    thread.start()
    try:
        for n in range(20):
            time.sleep(0.003 * (n % 5))
            assert in_forked_child(lambda: len(net.forward(IMAGES))) == "6", f"fork {n} hung"
    finally:
        end.set()
        thread.join()


def logits_of(net, images):
    return net.eval().forward(images)


@pytest.mark.slow
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_pool_of_processes_of_every_kind(method):
    net = small_net(2)
    expected = logits_of(net, IMAGES)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        for got in pool.map(logits_of, [net] * 3, [IMAGES] * 3, timeout=SECONDS):
            np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("rule", [SGD, Adam])
def test_nets_and_update_rules_pickle(rule):
    net = small_net()
    sgd = rule(net, 0.01, clip=1.0)
    step(net, sgd)
    again = pickle.loads(pickle.dumps(sgd))
    assert again.net["conv1"].device is again.net["fc"].device  # one device stays one
    assert step(again.net, again) == step(net, sgd)
    for name, value in net.state().items():
        np.testing.assert_array_equal(again.net.state()[name], value)
    assert pickle.loads(pickle.dumps(Plateau(3))) == Plateau(3)


def test_the_default_host_stays_the_default_host():
    assert pickle.loads(pickle.dumps(host)) is host
    assert pickle.loads(pickle.dumps(Host(workers=3))).workers == 3
    net = alexnet((host, host), classes=2, image_size=67, rng=np.random.default_rng(0))
    assert all(layer.device is host for _, layer in pickle.loads(pickle.dumps(net)).walk())

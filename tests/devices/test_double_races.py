"""The races that the double of CuPy finds, and the orders in which it finds none."""

import cupy_double
import numpy as np
import pytest

X = np.arange(12, dtype="float32").reshape(3, 4)


@pytest.fixture(autouse=True)
def _no_races(double):
    """Each test clears the races that it has made."""


@pytest.fixture
def streams():
    return cupy_double.cuda.Stream(), cupy_double.cuda.Stream()


def raced(*words):
    """Check that one race was found, with these words, and clear it."""
    (race,) = set(cupy_double.races)
    cupy_double.races.clear()
    assert all(word in race for word in words), race


def doubled(stream, x):
    with stream:
        return x * 2


def test_a_read_that_does_not_wait_for_the_write(streams):
    a, b = streams
    x = doubled(a, cupy_double.asarray(X))
    y = doubled(b, x)
    raced("multiply", "does not wait for multiply", f"stream {a.ptr}", f"stream {b.ptr}")
    b.wait_event(a.record())
    doubled(b, x)
    a.wait_event(b.record())  # before x is released
    assert y.shape == x.shape


def test_a_write_that_does_not_wait_for_a_read(streams):
    a, b = streams
    x = cupy_double.asarray(X)
    with a:
        y = x * 2
    with b:
        x += 1
    raced("add", "does not wait for multiply")
    assert y.shape == x.shape


def test_memory_released_too_early(streams):
    a, b = streams
    x = doubled(a, cupy_double.asarray(X))
    b.wait_event(a.record())
    y = doubled(b, x)
    del x
    raced("memory of", f"stream {a.ptr} is released while multiply", f"stream {b.ptr}")
    assert y.shape == X.shape


def test_an_event_orders_what_came_before_it_only(streams):
    a, b = streams
    event = a.record()
    x = doubled(a, cupy_double.asarray(X))
    b.wait_event(event)
    y = doubled(b, x)
    raced("does not wait for multiply")
    a.wait_event(b.record())
    assert y.shape == x.shape


def test_the_null_stream_and_others_wait_for_each_other_unless_one_is_non_blocking(streams):
    a, b = streams
    x = doubled(a, cupy_double.asarray(X))
    y = doubled(b, x * 2)  # which is on the null stream between them
    free = cupy_double.cuda.Stream(non_blocking=True)
    z = doubled(free, x)
    raced(f"stream {free.ptr}", "does not wait for multiply")
    a.wait_event(free.record())
    assert x.shape == y.shape == z.shape


def test_the_host_orders_what_it_has_waited_for(streams):
    a, b = streams
    x = doubled(a, cupy_double.asarray(X))
    a.synchronize()
    y = doubled(b, x)
    b.synchronize()
    assert y.shape == x.shape


def test_a_null_stream_is_one_gpus(streams):
    a, _ = streams
    x = doubled(a, cupy_double.asarray(X))
    with cupy_double.cuda.Device(1):
        y = cupy_double.array(x)  # on the null stream of GPU 1
    raced("copy between GPUs (GPU 1, null stream)", "does not wait for multiply")
    a.synchronize()
    cupy_double.cuda.Device(1).synchronize()
    assert y.device.id == 1

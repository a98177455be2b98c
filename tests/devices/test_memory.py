"""Leased memory: warm memory is used again, and an array that a user keeps is never overwritten."""

import gc
import threading

import numpy as np
import pytest

from minialex import Host


@pytest.fixture
def device():
    return Host(workers=1)


def address(x):
    return x.__array_interface__["data"][0]


def test_memory_comes_back_when_the_last_view_dies(device):
    x = device.empty((100, 100))
    where, view = address(x), x[3:5].T[::2]
    view[:] = 7.0
    del x
    second = device.empty((100, 100))
    assert address(second) != where  # a view of the first is alive
    second[:] = 0.0
    assert (view == 7.0).all()
    del view
    assert address(device.empty((100, 100))) == where


def test_a_block_serves_down_to_half_its_size(device):
    where = address(device.empty(1000))
    assert address(device.empty(501)) == where
    assert address(device.empty(499)) != where


def test_the_best_fit_is_taken(device):
    small, large = device.empty(1000), device.empty(1500)
    where = address(small)
    del small, large
    assert address(device.empty(900)) == where


def test_dtype_and_shape_are_as_asked(device):
    for shape in ((), 5, (2, 0, 3), (4, 1)):
        for dtype in ("float32", "float64", "uint8", np.bool_):
            x = device.empty(shape, dtype)
            wanted = np.empty(shape, dtype)
            assert (x.shape, x.dtype) == (wanted.shape, wanted.dtype)
            assert x.flags.writeable


def test_release_forgets_what_is_free_and_keeps_what_is_held(device):
    kept = device.empty(1000)
    kept[:] = 3.0
    device.empty(1000)
    device.release()
    assert device._pool._free == []
    assert (kept == 3.0).all()


def test_arrays_may_be_deleted_in_cycles_and_in_other_threads(device):
    def work():
        for _ in range(200):
            x = device.empty(1000)
            cycle = [x]
            cycle.append(cycle)  # only the collector ends this one, wherever it happens to run

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.collect()
    device.empty(1000)
    assert 0 < len(device._pool._free) <= 600
    addresses = [where for _, where, _ in device._pool._free]
    assert len(set(addresses)) == len(addresses)

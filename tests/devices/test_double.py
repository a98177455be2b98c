"""The double of CuPy: what it refuses, which races it finds, and what it counts. CuPy's files are named in its own."""

import sys
from pathlib import Path

import cupy_double
import numpy as np
import pytest
from xp_calls import CALLS

from minialex import Cuda, devices

X = np.arange(12, dtype="float32").reshape(3, 4)


@pytest.fixture(autouse=True)
def _no_races(double):
    """Each test clears the races that it has made."""


@pytest.fixture
def streams():
    return cupy_double.cuda.Stream(), cupy_double.cuda.Stream()


# -- what it refuses ----------------------------------------------------------------------------------------------


def on_gpu_1(x):
    with cupy_double.cuda.Device(1):
        return cupy_double.asarray(x)


@pytest.mark.parametrize(("work", "error", "message"), [
    (lambda x: x + on_gpu_1(X), ValueError, r"resides \(1\) is different from the current device \(0\)"),
    (lambda x: x + X, TypeError, "Unsupported type"),
    (lambda x: x.__iadd__(X), TypeError, "Unsupported type"),
    (lambda x: np.asarray(x), TypeError, "Implicit conversion"),
    (lambda x: cupy_double.array(on_gpu_1(X)[:, ::2]), NotImplementedError, "non-contiguous"),
    (lambda x: x.astype("int64").__iadd__(x), TypeError, "same_kind"),
], ids=["two GPUs", "NumPy", "NumPy in place", "to NumPy", "strided between GPUs", "floats to integers"])  # fmt: skip
def test_refused(work, error, message):
    with pytest.raises(error, match=message):
        work(cupy_double.asarray(X))


def test_streams_and_events_belong_to_a_gpu(streams):
    a, _ = streams
    with cupy_double.cuda.Device(1):
        with pytest.raises(RuntimeError, match="a stream of device 0 while device 1"):
            a.__enter__()
        with pytest.raises(RuntimeError, match="InvalidResourceHandle"):
            a.record()


def test_a_captured_stream_takes_no_part_in_transfers_and_waits(streams):
    a, _ = streams
    x = cupy_double.asarray(X)
    with pytest.raises(RuntimeError, match="default"):
        cupy_double.cuda.Stream.null.begin_capture()
    with a:
        a.begin_capture()
        for work in (lambda: cupy_double.asarray(X), x.get, a.synchronize):
            with pytest.raises(RuntimeError, match="capturing"):
                work()
        x *= 2
        a.end_capture()
        assert x.get().sum() == 2 * X.sum()


# -- what it computes and counts ------------------------------------------------------------------------------------


def test_new_memory_is_poison_and_results_are_c_contiguous():
    x = cupy_double.asarray(X)
    assert np.isnan(cupy_double.empty((2,), "float32").get()).all()
    assert (x.T * 2).flags.c_contiguous
    assert not x.T.flags.c_contiguous


@pytest.mark.parametrize(("work", "launches"), [
    (lambda x: x * 2 + x, 2),
    (lambda x: x[:, ::2].T, 0),
    (lambda x: x.T.reshape(-1), 1),  # which copies
    (lambda x: x @ x.T, 1),
    (lambda x: x[:, ::2] @ x[:, ::2].T, 3),  # contiguous in no order: both are copied
    (lambda x: x[None] @ cupy_double.matrix_transpose(x[None]), 2),  # of three axes: the transposed one is
    (lambda x: x.__setitem__(0, x[0].__iadd__(1)), 1),  # x[0] += 1
    (lambda x: cupy_double.concat([x, x, x]), 3),
    (lambda x: cupy_double.stack([x] * 9), 1),
    (lambda x: cupy_double.add(x[1:], x[1:], out=x[:-1]), 3),  # operands that overlap the output are copied
    (lambda x: x.get(), 0),
    (lambda x: x.T.get(), 1),
])  # fmt: skip
def test_launches(work, launches):
    x = cupy_double.asarray(X)
    with cupy_double.counting() as done:
        work(x)
    assert done.launches == launches


def test_bytes_and_waits():
    with cupy_double.counting() as done:
        x = cupy_double.asarray(X)
        y = x * 2
        float(y.sum())
        x.get()
    assert done.bytes == 3 * X.nbytes + 4
    assert (done.to_gpu, done.to_host) == ([X.nbytes], [4, X.nbytes])
    assert (done.waits, done.waits_for_kernels) == (2, 1)


@pytest.mark.parametrize(("name", "keywords"), CALLS)
def test_it_has_what_the_library_calls(name, keywords):
    found = cupy_double
    for part in name.split("."):
        found = getattr(found, part)
    assert callable(found)


def test_by_the_name_of_cupy(monkeypatch):
    monkeypatch.delitem(sys.modules, "cupy")
    monkeypatch.syspath_prepend(str(Path(cupy_double.__file__).parent / "as_cupy"))
    assert Cuda(1).xp is cupy_double
    assert devices.devices_from("cuda:0")[0].xp is cupy_double

"""Workers: every element once, errors come home, and BLAS is held to one thread meanwhile."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from minialex import Host
from minialex.devices.workers import blas_can_be_held


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 100])
def test_the_ranges_are_0_to_n_each_once(workers, n):
    seen = np.zeros(n, int)
    calls = []

    def work(start, stop):
        calls.append((start, stop))
        seen[start:stop] += 1

    Host(workers=workers).share(work, n)
    assert (seen == 1).all()
    assert len(calls) == min(workers, n)
    assert all(stop > start for start, stop in calls)


@pytest.mark.parametrize(("least", "lengths"), [(30, [33, 33, 34]), (34, [50, 50]), (51, [100]), (101, [100])])
def test_ranges_shorter_than_the_least_are_not_handed_over(least, lengths):
    ranges = []
    Host(workers=3).share(lambda start, stop: ranges.append((start, stop)), 100, least=least)
    assert [stop - start for start, stop in sorted(ranges)] == lengths


def test_a_small_array_is_updated_by_the_caller_alone():
    callers = set()
    for size, threads in ((2**16, 1), (2**18, 2)):
        callers.clear()
        Host(workers=2).elementwise(lambda a: callers.add(threading.current_thread()), np.zeros(size, "float32"))
        assert len(callers) == threads


def test_the_caller_works_too_and_the_others_are_threads():
    names = []
    Host(workers=3).share(lambda start, stop: names.append(threading.current_thread()), 3)
    assert threading.current_thread() in names


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_an_error_in_any_range_is_raised_after_all_have_ended(bad):
    ended = []

    def work(start, stop):
        if start == bad:
            raise ZeroDivisionError(f"range {start}")
        ended.append(start)

    device = Host(workers=3)
    with pytest.raises(ZeroDivisionError, match=f"range {bad}"):
        device.share(work, 3)
    assert sorted(ended) == sorted({0, 1, 2} - {bad})
    device.share(work, 0)  # and the workers still serve
    device.share(lambda start, stop: ended.append("again"), 3)
    assert ended.count("again") == 3


def test_work_that_shares_its_own_work_does_not_wait_for_itself():
    device, seen = Host(workers=2), []

    def outer(start, stop):
        device.share(lambda a, b: seen.append((start, a, b)), 4)

    device.share(outer, 2)
    assert sorted(seen) == [(0, 0, 4), (1, 0, 4)]


held = pytest.mark.skipif(not blas_can_be_held(), reason="this NumPy's BLAS does not let its threads be set")


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@held
@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("n", [1, 5])
def test_blas_has_one_thread_while_workers_run_and_its_own_after(workers, n):
    before, during = blas_threads(), []
    Host(workers=workers).share(lambda start, stop: during.append(blas_threads()), n)
    assert len(during) == min(workers, n)
    assert all(count == 1 for counts in during for count in counts)
    assert blas_threads() == before


@held
def test_blas_is_let_go_after_an_error():
    before = blas_threads()
    with pytest.raises(ZeroDivisionError):
        Host(workers=2).share(lambda start, stop: 1 / 0, 2)
    assert blas_threads() == before

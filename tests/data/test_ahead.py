"""Batches prepared ahead: the same, in order, and the thread ends when the caller closes."""

import threading
from contextlib import closing

import pytest

from minialex.data import ahead


def threads() -> int:
    return sum(thread.name == "batches ahead" for thread in threading.enumerate())


@pytest.mark.parametrize("depth", [1, 3])
def test_the_same_items_in_order(depth):
    assert list(ahead(iter(range(50)), depth)) == list(range(50))
    assert list(ahead(iter(()), depth)) == []
    assert threads() == 0


def test_items_are_made_while_the_caller_works():
    made = threading.Semaphore(0)

    def items():
        for number in range(3):
            made.release()
            yield number

    with closing(ahead(items())) as ready:
        assert next(ready) == 0
        for _ in range(3):  # 0, then one that is ready, then one that waits for room: these two are made ahead
            assert made.acquire(timeout=10)


def test_no_more_than_depth_items_wait():
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield number

    with closing(ahead(items(), 2)) as ready:
        next(ready)
        threading.Event().wait(0.2)
        assert len(made) <= 1 + 2 + 1


def test_an_error_is_raised_in_the_position_of_its_item():
    def items():
        yield 1
        raise ValueError("the second cannot be read")

    ready = ahead(items())
    assert next(ready) == 1
    with pytest.raises(ValueError, match="the second cannot be read"):
        next(ready)
    assert threads() == 0


def test_closing_early_stops_the_thread():
    def endless():
        while True:
            yield 0

    with closing(ahead(endless())) as ready:
        next(ready)
        assert threads() == 1
    assert threads() == 0

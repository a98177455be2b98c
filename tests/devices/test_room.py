"""Memory that is left: what asks for more is refused before it takes any."""

import sys

import numpy as np
import pytest

from minialex.devices import room
from minialex.layers import Conv2D, Dense
from minialex.models import alexnet_single
from minialex.training.room import check_batch_fits
from minialex.variants import Local2D

RNG = np.random.default_rng(0)


@pytest.fixture
def left(monkeypatch):
    """Set the bytes that are left."""
    return lambda count: monkeypatch.setattr(room, "limits", lambda: iter([count, 2**60]))


def test_the_smallest_limit_counts(left, monkeypatch):
    left(5)
    assert room.bytes_left() == 5
    monkeypatch.setattr(room, "limits", lambda: iter(()))
    assert room.bytes_left() is None
    room.check_room("x", "anything", 2**80, "do so")  # where the system does not say, all is tried


@pytest.mark.skipif(sys.platform != "linux", reason="files of Linux")
def test_the_limits_of_this_machine(tmp_path, monkeypatch):
    import resource

    monkeypatch.setattr(room, "CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("7\n")
    before = list(room.limits())
    assert len(before) == 1
    assert before[0] > 2**20
    (tmp_path / "memory.max").write_text("1007\n")
    assert list(room.limits())[1] == 1000
    monkeypatch.setattr(resource, "getrlimit", lambda which: (2**40, 2**40))
    assert 0 < list(room.limits())[2] < 2**40


@pytest.mark.parametrize("make", [
    lambda: Dense(10**6, 10**6, rng=RNG), lambda: Conv2D(10**5, 10**5, 11, rng=RNG),
    lambda: Local2D(10**4, 10**4, 3, side=1000, rng=RNG), lambda: alexnet_single(rng=RNG, image_size=2**14),
])  # fmt: skip
def test_weights_that_do_not_fit_are_refused_at_once(make, left):
    left(10**10)
    with pytest.raises(ValueError, match=r"expected weights \(.*\) to fit into the 10\.0 GB of memory th"):
        make()


def test_a_batch_that_does_not_fit_names_one_that_would(left):
    net = alexnet_single(rng=RNG, classes=10, image_size=64)
    check_batch_fits(net, (3, 64, 64), 128)
    left(2 * 10**9)
    with pytest.raises(ValueError, match=(
        r"batch: expected one of 100,000 images to fit into the 2.0 GB of memory that are left, got .* at least; "
        r"a batch of (\d[\d,]*) would$"
    )) as error:  # fmt: skip
        check_batch_fits(net, (3, 64, 64), 100_000)
    check_batch_fits(net, (3, 64, 64), int(str(error.value).split()[-2].replace(",", "")))
    left(10**6)
    with pytest.raises(ValueError, match="choose a smaller net or smaller images"):
        check_batch_fits(net, (3, 64, 64), 100_000)

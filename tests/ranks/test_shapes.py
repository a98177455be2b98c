"""What ranks know without sending anything: which images are theirs, shapes, bytes, and what cannot be split."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from console import refused, run

from minialex import Host, Sequential, alexnet
from minialex.devices import Elsewhere, Link, devices_from, ranks
from minialex.devices.mpi import place
from minialex.fast import Conv2D, Dense, Dropout, Flatten, ReLU
from minialex.models import alexnet_single, cifar_fast, small_alexnet
from minialex.parallel import AllGather
from minialex.ranks import DataParallel, hybrid, own, split_over
from minialex.ranks.traffic import crossing, traffic
from minialex.ranks.whole import merged
from minialex.training.config import RunConfig
from minialex.training.rules import check_split

RNG = np.random.default_rng(0)


def pretended(size, rank=0):
    """Return the devices of ranks that do not exist: nothing can be sent."""
    return ranks(workers=1, comm=SimpleNamespace(rank=rank, size=size))


def plain():
    return Sequential(
        conv1=Conv2D(3, 4, 3, rng=RNG), relu1=ReLU(), flatten=Flatten(), fc2=Dense(4 * 36, 13, rng=RNG), relu2=ReLU(),
        drop2=Dropout(rng=np.random.default_rng(1)), fc3=Dense(13, 9, rng=RNG), relu3=ReLU(), fc4=Dense(9, 10, rng=RNG),
    )  # fmt: skip


@pytest.mark.parametrize("n", [1, 3, 4, 7, 128])
def test_every_image_of_a_batch_is_read_by_one_rank_and_the_first_has_one(n):
    rows = [Link(SimpleNamespace(rank=i, size=4)).rows(n) for i in range(4)]
    assert [i for part in rows for i in range(n)[part]] == list(range(n))
    assert len(range(n)[rows[0]]) == -(-n // 4)


def test_a_group_of_another_rank_is_known_by_names_and_shapes():
    net = small_alexnet(pretended(2, rank=1), rng=RNG, image_size=16)
    whole_net = small_alexnet((Host(workers=1),) * 2, rng=RNG, image_size=16)
    names = {name: layer.params[key].shape for name, layer, key in net.parameters()}
    assert names == {name: layer.params[key].shape for name, layer, key in whole_net.parameters()}
    assert isinstance(net["lower"].layers["a"].params.get("W", Elsewhere((), "float32")), Elsewhere)
    assert net.output_shape((3, 16, 16)) == (10,)
    assert {name.split(".")[1] for name in net.state()} == {"b", "W"}  # upper.b.conv3.W and fc8.W, which all have
    visited = []
    net.each_parameter(lambda name, *_: visited.append(name))
    assert sorted(visited) == sorted(net.state())
    with pytest.raises(RuntimeError, match="expected an array of this rank"):
        np.asarray(Elsewhere((2, 3), "float32"))


def test_arrays_of_one_process_are_divided_among_ranks_and_put_together_again():
    net, devices = plain(), pretended(3)
    arrays = {f"net/{name}": value for name, value in net.state().items()} | {"draws/drop2.": np.array("{}")}
    arrays |= {
        "velocity/squares/fc2.W": arrays["net/fc2.W"],
        "velocity/steps/fc2.W": np.array(4),
        "history": np.array("[]"),
    }
    divided = hybrid(net, devices)
    parts = own(divided, arrays)
    assert parts["net/fc2.b.fc2.W"].shape == (4, 4 * 36)  # of 13 units 4, 4 and 5
    assert "velocity/squares/fc2.b.fc2.W" not in parts  # another rank's
    np.testing.assert_array_equal(parts["velocity/squares/fc2.a.fc2.W"], arrays["net/fc2.W"][:4])
    assert parts["velocity/steps/fc2.a.fc2.W"] == 4
    divided.load_state({name.removeprefix("net/"): value for name, value in parts.items() if name.startswith("net/")})
    again = merged({name: value for name, value in parts.items() if name.startswith(("net/", "history"))})
    assert again.keys() == {name for name in arrays if name.startswith(("net/", "history"))}
    for name, value in again.items():
        np.testing.assert_array_equal(value, arrays[name])


def test_the_bytes_of_alexnet_on_eight_ranks(capsys):
    net = alexnet((Host(workers=1),) * 2, rng=RNG)
    twin = alexnet_single(rng=RNG)
    sent = {(s.split, s.communication): s[3:] for s in traffic(net, twin, (3, 224, 224), 8, 1024)}
    assert sent["data", "gradients"] == (0, round(7 / 4 * 4 * 60_965_224))
    assert sent["hybrid", "to_fc6"] == (4 * 128 * 9216 * 7,) * 2
    assert sent["hybrid", "gradients"] == (0, round(7 / 4 * 4 * 2_334_080))
    assert sent["groups", "to_fc8"] == (4 * 1024 * 2048, 0)
    assert int(crossing(net, twin, (3, 224, 224), logits=False)) == 3817
    status, out, _ = run(capsys, "summary", "small_alexnet", "--devices", "ranks:8")
    assert status == 0
    assert re.search(r"^data, 8 ranks +forward +backward$", out, re.MULTILINE)
    assert "hybrid" not in out  # it has groups, and no twin without


def test_nets_that_cannot_be_split_are_refused():
    devices = pretended(2)
    with pytest.raises(ValueError, match=r"DataParallel: expected no running means.*got norm1 \(BatchNorm\)"):
        DataParallel(cifar_fast(rng=RNG), devices)
    with pytest.raises(
        ValueError, match=r"hybrid: expected two dense layers or more .* use --split data, or alexnet_single"
    ):
        hybrid(small_alexnet(rng=RNG), devices)
    with pytest.raises(
        ValueError, match=r"fc3 \(Dense\): expected 10 units, one a rank, or more, got 9; use fewer ranks"
    ):
        hybrid(plain(), pretended(10))
    with pytest.raises(ValueError, match="--split: expected one of data, hybrid, got 'hybird'"):
        split_over(plain(), "ranks", "hybird")
    with pytest.raises(ValueError, match="expected 2 arrays, one a rank, got 1"):
        AllGather(devices[:1]).forward((np.ones((1, 2)),))


@pytest.mark.parametrize(("message", "text"), [
    ("expected several processes, got one", "ranks"),
    ("expected several processes, got one", "rank:0,rank:1"),
    ("or a group each: rank:0,rank:1, got 'rank:1,rank:0'", "rank:1,rank:0"),
    ("got 'rank:0,cpu:1'", "rank:0,cpu:1"),
    ("got 'rankings'", "rankings"),
])  # fmt: skip
def test_names_of_ranks_are_checked(message, text):
    with pytest.raises(ValueError, match=re.escape(message)):
        devices_from(text)


def test_the_launcher_says_which_of_how_many_this_process_is(monkeypatch):
    assert place() == (0, 1)
    monkeypatch.setenv("OMPI_COMM_WORLD_RANK", "2")
    assert place() == (0, 1)
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "3")
    assert place() == (2, 3)


@pytest.mark.parametrize(("message", "settings"), [
    ("optimizer: expected sgd or adam with --split hybrid, got muon", {"split": "hybrid", "optimizer": "muon"}),
    ("clip: expected none where a rank has a part of the gradients, got 1", {"split": "hybrid", "clip": 1.0}),
    ("clip: expected none where a rank has a part", {"devices": "rank:0,rank:1", "clip": 1.0}),
    ("weights: expected none with --split hybrid, got FILE", {"split": "hybrid", "weights": "FILE"}),
])  # fmt: skip
def test_what_needs_whole_gradients_or_names_is_refused(message, settings):
    with pytest.raises(ValueError, match=message):
        check_split(RunConfig.new(**{"model": "cifar_80sec", "devices": "ranks", **settings}))


def test_options_that_do_not_go_together_are_refused(capsys, tmp_path):
    out = ("--out", tmp_path / "r")
    refused(capsys, 2, "split: expected --devices ranks, got cpu", "train", "--split", "hybrid", *out)
    refused(capsys, 2, "expected ranks:N, N >= 2 processes", "summary", "alexnet", "--devices", "ranks:1")
    refused(capsys, 2, "expected several processes, got one", "train", "--devices", "ranks", *out)

"""Nets of experiments that compare no entries: the search for their rate, seeds that diverge, checksums."""

import pytest

from minialex.lab import trained_nets as lab
from minialex.lab.checksum import checksum
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import class_net
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import diverged
from minialex.training import Diverged


def test_seeds_that_diverge_are_left_out_and_kept_as_such(tmp_path):
    settings, tried = Settings(tmp_path, "shapes", 20, 1, 3), []

    def compute(seed):
        tried.append(seed)
        if seed == 1:
            raise Diverged("diverged")
        return {"seed": seed}

    for _ in range(2):
        kept = lab.of_seeds(settings, 0.1, Results(tmp_path, settings.as_dict()).once, compute)
        assert kept == [{"seed": 0}, {"seed": 2}]
    assert tried == [0, 1, 2]
    assert diverged(settings.seeds - len(kept), settings.seeds) == " (1 of 3 diverged)"
    assert diverged(0, settings.seeds) == ""


def test_the_rate_is_searched_for_in_fewer_epochs_on_held_out_images(tmp_path, monkeypatch):
    settings, seen = Settings(tmp_path, "shapes", 20, 9, 1), []

    def errors(self, dataset, *, lr, epochs, **options):
        seen.append((epochs, len(dataset.train), len(dataset.val)))
        return {"val_error": abs(lr - 0.03)}

    monkeypatch.setattr(Entry, "errors", errors)
    dataset = settings.dataset()
    results = Results(tmp_path, settings.as_dict())
    assert lab.rate_of(results, Entry(net=class_net), dataset, settings, epochs=5) == 0.03
    n = len(dataset.train)
    assert set(seen) == {(5, n - n // 5, n // 5)}


def test_a_checksum_is_that_of_the_content(tmp_path):
    for name, content in (("a", b"one"), ("b", b"one"), ("c", b"two")):
        (tmp_path / name).write_bytes(content)
    a, b, c = (checksum(tmp_path / name) for name in "abc")
    assert a == b != c
    with pytest.raises(FileNotFoundError):
        checksum(tmp_path / "d")

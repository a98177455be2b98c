"""Preparations that were stopped, and folders that have changed meanwhile."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from minialex.data import prepare, read_folder, read_prepared
from minialex.data.folders import image
from minialex.data.prepared import decoding, filling


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def decoded(monkeypatch):
    """The names of the files that are decoded."""
    seen = []

    def decode(path, size):
        seen.append(path.name)
        return image.decode(path, size)

    monkeypatch.setattr(decoding, "decode", decode)
    return seen


def shards(out):
    return sorted(path.name for path in out.glob("*.np[yz]"))


def same_as_in_one_go(folder, out, **settings):
    prepare(folder, out.parent / "anew", **settings)
    for path in (out.parent / "anew").iterdir():
        assert path.read_bytes() == (out / path.name).read_bytes(), path.name
    assert {p.name for p in out.iterdir()} == {p.name for p in (out.parent / "anew").iterdir()}


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_stopped_in_the_middle(error, image_folder, out, monkeypatch, decoded):
    def stop(path, size):
        if path.parts[-3:] == ("train", "dog", "1.png"):
            raise error
        return image.decode(path, size)

    with monkeypatch.context() as patch:
        patch.setattr(decoding, "decode", stop)
        with pytest.raises(error):
            prepare(image_folder, out, size=16, shard=2, workers=2)
    assert shards(out) == ["train-00000.npy", "train-00000.npz", "train-00001.npy", "train-00001.npz"]
    with pytest.raises(ValueError, match=r"dataset.json: .* got none; prepare again"):
        read_prepared(out)
    made = prepare(image_folder, out, size=16, shard=2)
    assert made.decoded == len(decoded) == 6  # of 10
    assert "4 images were there already" in str(made)
    same_as_in_one_go(image_folder, out, size=16, shard=2)


def test_an_interrupt_stops_the_threads_at_once(image_folder, out, monkeypatch):
    """Chunks in progress are finished; no other begins."""
    begun = []

    def slow(part, start, size):
        begun.append(start)
        if start == 0:
            raise KeyboardInterrupt
        time.sleep(0.05)
        return decode_chunk(part, start, size)

    decode_chunk = decoding.decode_chunk
    monkeypatch.setattr(decoding, "decode_chunk", slow)
    monkeypatch.setattr(decoding, "CHUNK", 1)
    with pytest.raises(KeyboardInterrupt):
        prepare(image_folder, out, size=8, workers=2)
    assert len(begun) <= 4


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed(image_folder, out, decoded):
    code = """
import sys, time
from minialex.data import prepare
from minialex.data.folders import image
from minialex.data.prepared import decoding, filling
def decode(path, size):
    if path.parts[-3:] == ("train", "dog", "2.png"):
        time.sleep(60)
    return image.decode(path, size)
decoding.decode, decoding.CHUNK, decoding.AHEAD = decode, 1, 1
prepare(*sys.argv[1:], size=16, shard=4, workers=1)
"""
    with subprocess.Popen([sys.executable, "-c", code, str(image_folder), str(out)]) as process:
        give_up = time.monotonic() + 20
        while not list(out.glob(".train-00001.npy.*")) and time.monotonic() < give_up:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    assert shards(out) == ["train-00000.npy", "train-00000.npz"]
    assert [path.name[:17] for path in out.glob(".*.partial")] == [".train-00001.npy."]
    assert prepare(image_folder, out, size=16, shard=4).decoded == len(decoded) == 6
    same_as_in_one_go(image_folder, out, size=16, shard=4)


def test_killed_between_images_and_facts(image_folder, out, monkeypatch):
    """Old facts beside new images must not pass for a finished shard when the old files are put back."""
    path = image_folder / "train" / "cat" / "2.png"
    content, state = path.read_bytes(), path.stat()
    prepare(image_folder, out, size=16, shard=2)
    Image.new("RGB", (40, 40)).save(path)

    def killed(path, facts):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(filling, "write_facts", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare(image_folder, out, size=16, shard=2)
    with pytest.raises(ValueError, match=r"dataset.json"):  # shards of two states of the folder
        read_prepared(out)
    path.write_bytes(content)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    prepare(image_folder, out, size=16, shard=2)
    np.testing.assert_array_equal(read_prepared(out).train.images[:], read_folder(image_folder, 16).train.images)


def test_up_to_date(image_folder, out, decoded):
    prepare(image_folder, out, size=8)
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    decoded.clear()
    assert prepare(image_folder, out, size=8).decoded == len(decoded) == 0
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom the system can refuse")
def test_up_to_date_where_one_may_not_write(image_folder, out):
    prepare(image_folder, out, size=8)
    out.chmod(0o555)
    try:
        assert prepare(image_folder, out, size=8).decoded == 0
    finally:
        out.chmod(0o755)


class TestChanges:
    """Of cats and dogs 0 to 2, in shards of two: cats 0, 1; cat 2, dog 0; dogs 1, 2; val the same with 0 and 1."""

    @pytest.fixture(autouse=True)
    def prepared(self, image_folder, out):
        prepare(image_folder, out, size=16, shard=2)

    def count(self, folder, out, decoded, **settings):
        """Prepare again, check the result, and return how many files were decoded."""
        decoded.clear()
        settings = {"size": 16, "shard": 2} | settings
        number = prepare(folder, out, **settings).decoded
        assert number == len(decoded)
        same_as_in_one_go(folder, out, **settings)
        expected = read_folder(folder, settings["size"])
        np.testing.assert_array_equal(read_prepared(out).train.images[:], expected.train.images)
        np.testing.assert_array_equal(read_prepared(out).val.labels, expected.val.labels)
        return number

    def test_another_picture(self, image_folder, out, decoded):
        Image.new("RGB", (40, 40)).save(image_folder / "train" / "cat" / "2.png")
        assert self.count(image_folder, out, decoded) == 2

    def test_a_touched_file(self, image_folder, out, decoded):
        os.utime(image_folder / "val" / "dog" / "1.png", (1, 1))
        assert self.count(image_folder, out, decoded) == 2

    def test_a_file_more_at_the_end(self, image_folder, out, decoded):
        Image.new("RGB", (40, 40)).save(image_folder / "train" / "dog" / "9.png")
        assert self.count(image_folder, out, decoded) == 1

    def test_files_less(self, image_folder, out, decoded):
        for number in (1, 2):
            (image_folder / "train" / "dog" / f"{number}.png").unlink()
        assert self.count(image_folder, out, decoded) == 0
        assert "train-00002.npy" not in shards(out)

    def test_another_name(self, image_folder, out, decoded):
        (image_folder / "train" / "cat" / "0.png").rename(image_folder / "train" / "cat" / "00.png")
        assert self.count(image_folder, out, decoded) == 2

    def test_a_class_more(self, image_folder, out, decoded):
        for split in ("train", "val"):
            folder = image_folder / split / "ant"
            folder.mkdir()
            Image.new("RGB", (40, 40)).save(folder / "0.png")
        assert self.count(image_folder, out, decoded) == 12

    @pytest.mark.parametrize("settings", [{"size": 8}, {"shard": 3}])
    def test_other_settings(self, settings, image_folder, out, decoded):
        assert self.count(image_folder, out, decoded, **settings) == 10

    def test_the_folder_s_name(self, image_folder, out, decoded):
        folder = image_folder.rename(image_folder.with_name("pictures"))
        assert self.count(folder, out, decoded) == 0
        assert read_prepared(out).name == "pictures"

    @pytest.mark.parametrize("name", ["train-00001.npy", "train-00001.npz", "val-00000.npy"])
    def test_a_damaged_shard(self, name, image_folder, out, decoded):
        path = out / name
        path.write_bytes(path.read_bytes()[:-100])
        assert self.count(image_folder, out, decoded) == 2

    def test_files_of_others_stay(self, image_folder, out):
        mine = ("notes.txt", "train-mine.npy", ".mine.0123abcd.partial", "train-00007.npy.bak")
        for name in mine:
            (out / name).write_text("mine")
        prepare(image_folder, out, size=8)
        assert all((out / name).read_text() == "mine" for name in mine)

"""Folders of images become shards."""

import errno
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image

from minialex.data import load, mean_image, prepare, read_folder, read_prepared
from minialex.data.prepared import decoding
from minialex.files.lock import locked


@pytest.fixture
def out(tmp_path):
    return tmp_path / "prepared" / "here"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("shard", "workers"), [(1, 1), (2, 3), (1000, None)])
def test_images_labels_and_order_are_those_of_the_folder(shard, workers, image_folder, out):
    made = prepare(image_folder, out, size=16, shard=shard, workers=workers)
    expected = read_folder(image_folder, 16)
    data = read_prepared(out)
    assert (data.name, data.classes, data.image_size, data.unreadable) == ("photos", ("cat", "dog"), 16, ())
    assert made.decoded == 10
    for split in ("train", "val"):
        got, same = getattr(data, split), getattr(expected, split)
        np.testing.assert_array_equal(got.images[:], same.images)
        np.testing.assert_array_equal(got.labels, same.labels)
    np.testing.assert_array_equal(data.mean, mean_image(expected.train.images))
    pixels = expected.train.images.astype(np.float64).transpose(1, 0, 2, 3).reshape(3, -1)
    np.testing.assert_allclose(data.mean_rgb, pixels.mean(axis=1), rtol=1e-6)
    np.testing.assert_allclose(data.covariance, np.cov(pixels, bias=True), rtol=1e-6)
    np.testing.assert_allclose(data.eigenvalues, np.linalg.eigvalsh(data.covariance)[::-1], rtol=1e-6)


def test_many_more_files_than_threads_may_run_ahead(image_folder, out, monkeypatch):
    for number in range(3, 80):
        Image.new("RGB", (9, 9), (number, 0, 0)).save(image_folder / "train" / "cat" / f"{number:02}.png")
    monkeypatch.setattr(decoding, "CHUNK", 1)
    monkeypatch.setattr(decoding, "AHEAD", 2)
    prepare(image_folder, out, size=8, shard=7, workers=3)
    np.testing.assert_array_equal(read_prepared(out).train.images[:], read_folder(image_folder, 8).train.images)


def test_threads_never_run_further_ahead(image_folder):
    """Memory is bounded, however slow the disk is."""
    started = []
    with decoding.ThreadPoolExecutor(2) as pool:
        for done, result in enumerate(decoding.in_order(pool, lambda n: started.append(n) or n, range(50), 5)):
            assert result == done
            assert len(started) <= done + 5
    assert sorted(started) == list(range(50))


def test_the_files(image_folder, out):
    prepare(image_folder, out, size=8, shard=4)
    shards = ["train-00000.npy", "train-00000.npz", "train-00001.npy", "train-00001.npz", "val-00000.npy",
              "val-00000.npz"]  # fmt: skip
    assert names(out) == sorted(["dataset.json", "statistics.npz", *shards])
    assert np.load(out / "train-00001.npy", mmap_mode="r").shape == (2, 3, 8, 8)


def test_the_summary(image_folder, out):
    lines = str(prepare(image_folder, out, size=16)).splitlines()
    assert lines[0] == "images       6 for training, 4 for validation, 2 classes, 16 x 16 pixels"
    assert lines[1].startswith("seconds      0.")
    assert lines[1].endswith("images a second")
    assert lines[2:] == ["unreadable   none", f"folder       {out}"]
    assert str(prepare(image_folder, out, size=16)).splitlines()[1].endswith(": nothing to do, all was there")


def test_no_progress_bar_without_a_terminal(image_folder, out, capfd):
    prepare(image_folder, out, size=8)
    assert capfd.readouterr() == ("", "")


class TestUnreadable:
    def test_listed_with_reasons_and_left_out(self, image_folder, out):
        (image_folder / "train" / "cat" / "1.png").write_bytes(b"no image")
        cut = image_folder / "val" / "dog" / "0.png"
        cut.write_bytes(cut.read_bytes()[:200])
        made = prepare(image_folder, out, size=16, shard=2)
        data = read_prepared(out)
        assert data.unreadable == ("train/cat/1.png", "val/dog/0.png")
        np.testing.assert_array_equal(data.train.labels, [0, 0, 1, 1, 1])
        expected = read_folder(image_folder, 16)
        np.testing.assert_array_equal(data.train.images[:], expected.train.images)
        np.testing.assert_array_equal(data.mean, mean_image(expected.train.images))
        lines = (out / "unreadable.txt").read_text().splitlines()
        assert [line.split("\t")[0] for line in lines] == list(data.unreadable)
        assert "cannot identify image file" in lines[0]
        assert f"unreadable   2, listed in {out / 'unreadable.txt'}" in str(made)

    def test_a_mended_file_is_read_again(self, image_folder, out):
        broken = image_folder / "train" / "cat" / "1.png"
        broken.write_bytes(b"no image")
        prepare(image_folder, out, size=8)
        Image.new("RGB", (9, 9)).save(broken)
        assert prepare(image_folder, out, size=8).dataset.unreadable == ()
        assert not (out / "unreadable.txt").exists()

    def test_a_shard_without_images(self, image_folder, out):
        (image_folder / "train" / "cat" / "1.png").write_bytes(b"no image")
        prepare(image_folder, out, size=8, shard=1)
        assert len(read_prepared(out).train) == 5

    def test_all_of_a_class(self, image_folder, out):
        for path in (image_folder / "val" / "dog").iterdir():
            path.write_bytes(b"no image")
        for _ in range(2):  # again: nothing has changed
            with pytest.raises(ValueError, match=r"dog: expected images that can be read, got none of 2 \(such as 0"):
                prepare(image_folder, out, size=8)
        assert not (out / "dataset.json").exists()
        assert len((out / "unreadable.txt").read_text().splitlines()) == 2

    @pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
    def test_a_file_name_of_any_bytes(self, image_folder, out):
        name = os.fsdecode(b"caf\xe9 \n1.png")
        (image_folder / "train" / "cat" / name).write_bytes(b"no image")
        prepare(image_folder, out, size=8)
        assert read_prepared(out).unreadable == (f"train/cat/{name}",)
        assert b"caf\xe9" in (out / "unreadable.txt").read_bytes()


class TestErrors:
    @pytest.mark.parametrize("number", [{"size": 0}, {"workers": 0}, {"shard": -1}, {"size": 2.5}])
    def test_numbers(self, number, image_folder, out):
        with pytest.raises(ValueError, match=f"prepare: expected {next(iter(number))} to be an integer >= 1"):
            prepare(image_folder, out, **number)

    def test_no_folder(self, tmp_path, out):
        with pytest.raises(FileNotFoundError, match="absent"):
            prepare(tmp_path / "none", out)
        assert not out.exists()

    @pytest.mark.parametrize("inside", [".", "train", "val/cat", "train/new"])
    def test_among_the_images(self, inside, image_folder):
        with pytest.raises(ValueError, match="apart from the images"):
            prepare(image_folder, image_folder / inside)

    def test_out_is_a_file(self, image_folder, tmp_path):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(OSError, match=r"file: expected to write the images there"):
            prepare(image_folder, tmp_path / "file")

    def test_no_room(self, image_folder, out):
        """The system refuses files beyond some bytes: no partial file stays, and it resumes when there is room."""
        resource = pytest.importorskip("resource")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
        try:
            with pytest.raises(OSError, match=r"here: expected to write the images there, got .*; make room") as error:
                prepare(image_folder, out, size=64, shard=4)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert "\n" not in str(error.value)
        assert names(out) == []
        assert prepare(image_folder, out, size=64, shard=4).decoded == 10

    @pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE])
    def test_an_error_of_the_machine_is_not_one_of_the_image(self, number, image_folder, out, monkeypatch):
        def decode(path, size):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(decoding, "decode", decode)
        with pytest.raises(OSError, match=r"0.png: expected to read it, got"):
            prepare(image_folder, out, size=8)
        assert names(out) == []

    def test_too_little_memory_is_not_an_error_of_the_image(self, image_folder, out, monkeypatch):
        def decode(path, size):
            raise MemoryError

        monkeypatch.setattr(decoding, "decode", decode)
        with pytest.raises(MemoryError):
            prepare(image_folder, out, size=8)


def test_another_process_is_waited_for(image_folder, out, capsys):
    pytest.importorskip("fcntl")
    out.mkdir(parents=True)
    code = (
        "import sys, time; from pathlib import Path; from minialex.files.lock import locked\n"
        "with locked(Path(sys.argv[1])): print(1, flush=True); time.sleep(60)"
    )
    argv = [sys.executable, "-c", code, str(out)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        threading.Timer(0.3, other.kill).start()
        with locked(out, waiting="another process prepares it; waiting"):
            assert other.wait(5) != 0
    assert "another process prepares it; waiting" in capsys.readouterr().err


def test_memory_does_not_grow_with_the_images(tmp_path):
    """Eight times as many small images take no more."""
    pytest.importorskip("resource")
    code = (
        "import resource, sys; from minialex.data import prepare\n"
        "prepare(*sys.argv[1:], size=64, shard=32, workers=2)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for count in (150, 1200):
        for split in ("train", "val"):
            folder = tmp_path / str(count) / split / "cat"
            folder.mkdir(parents=True)
            for number in range(count if split == "train" else 1):
                Image.new("RGB", (20, 20), (number % 256, 0, 0)).save(folder / f"{number}.png")
        argv = [sys.executable, "-c", code, str(tmp_path / str(count)), str(tmp_path / f"{count}-prepared")]
        peaks.append(int(subprocess.run(argv, capture_output=True, check=True, text=True).stdout))
    unit = 1 if sys.platform == "darwin" else 1024
    assert (peaks[1] - peaks[0]) * unit < 6e6, peaks  # all of the images: 13 MB more


def test_real_photographs(photographs, tmp_path):
    made = prepare(photographs, tmp_path / "out", size=64)
    data = load(tmp_path / "out")
    np.testing.assert_array_equal(data.val.images[:], read_folder(photographs, 64).val.images)
    np.testing.assert_array_equal(data.mean, mean_image(data.train.images))
    assert made.decoded == len(data.train) + len(data.val)
    assert data.eigenvalues[0] > 5 * data.eigenvalues[1]  # photographs vary mostly in brightness
    assert (np.abs(data.eigenvectors[:, 0] - 3**-0.5) < 0.1).all()

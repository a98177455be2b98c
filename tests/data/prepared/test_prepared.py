"""Prepared folders: reading, the errors of damaged ones, and preparation on first use."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from PIL import Image

from minialex.data import Prepared, Shards, describe, load, prepare, read_folder, read_prepared, resize
from minialex.data.prepared import decoding, first_use
from minialex.data.prepared.first_use import prepared_folder
from minialex.data.prepared.manifest import digest_of


@pytest.fixture
def out(image_folder, tmp_path):
    prepare(image_folder, tmp_path / "out", size=16, shard=4)
    return tmp_path / "out"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MINIALEX_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache" / "prepared"


def rewrite(path, **arrays):
    """Write the arrays of an .npz file anew, some of them changed."""
    with np.load(path) as file:
        arrays = {**file, **arrays}
    np.savez(path, **arrays)


def npy(array, **settings):
    file = io.BytesIO()
    np.save(file, array, **settings)
    return file.getvalue()


def big_header(shape):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return file.getvalue() + bytes(100)


IMAGES = np.zeros((4, 3, 16, 16), dtype=np.uint8)


class TestDamage:
    @pytest.mark.parametrize(
        "content",
        [
            None, b"", b"\x93NUMPY", b"nonsense", pickle.dumps([1]), big_header((4, 3, 16, 16)), big_header((2**40,)),
            npy(np.array([{}] * 4, dtype=object), allow_pickle=True), npy(IMAGES[:3]), npy(IMAGES[:, :2]),
            npy(IMAGES.astype(np.int8)), npy(IMAGES)[:-1], npy(np.zeros((4, 3, 16, 17), np.uint8)),
        ],
        ids=["absent", "empty", "beginning", "text", "pickle", "short", "huge", "objects", "fewer", "gray", "dtype",
             "truncated", "size"],
    )  # fmt: skip
    def test_images(self, content, out):
        self.replace(out / "train-00000.npy", content)
        self.complains(out, "train-00000.npy")

    @pytest.mark.parametrize(
        "content", [None, b"", b"PK\x03\x04", b"nonsense", pickle.dumps([1]), npy(IMAGES)], ids=range(6)
    )
    @pytest.mark.parametrize("name", ["val-00000.npz", "statistics.npz"])
    def test_archives(self, name, content, out):
        self.replace(out / name, content)
        self.complains(out, name)

    @pytest.mark.parametrize(
        "arrays",
        [
            {"labels": np.array([0, 0, 1])}, {"labels": np.array([0, 0, 1, 2])}, {"labels": np.array([0, -1, 1, 1])},
            {"labels": np.zeros(4)}, {"labels": np.array([{}] * 4, dtype=object)}, {"about": np.array("{}")},
            {"about": np.array("[1")}, {"about": np.array('{"fingerprint": 3, "unreadable": []}')},
            {"about": np.array('{"fingerprint": "", "unreadable": 5}')}, {"about": np.array("[" * 100_000)},
        ],
        ids=range(10),
    )  # fmt: skip
    def test_facts(self, arrays, out):
        rewrite(out / "val-00000.npz", **arrays)
        self.complains(out, "val-00000.npz")

    @pytest.mark.parametrize(
        "arrays",
        [
            {"mean": np.zeros((3, 8, 8), np.float32)}, {"mean": np.zeros((3, 16, 16))}, {"mean_rgb": np.zeros(4)},
            {"covariance": np.full((3, 3), np.nan)}, {"eigenvectors": np.array([{}] * 3, dtype=object)},
        ],
        ids=range(5),
    )  # fmt: skip
    def test_statistics(self, arrays, out):
        rewrite(out / "statistics.npz", **arrays)
        self.complains(out, "statistics.npz")

    def test_labels_that_ask_for_all_memory(self, out):
        with zipfile.ZipFile(out / "val-00000.npz") as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        header = io.BytesIO()
        about = {"descr": "<i8", "fortran_order": False, "shape": (2**50,)}
        np.lib.format.write_array_header_1_0(header, about)
        with zipfile.ZipFile(out / "val-00000.npz", "w") as archive:
            for name, content in (members | {"labels.npy": header.getvalue()}).items():
                archive.writestr(name, content)
        self.complains(out, "val-00000.npz")

    @pytest.mark.parametrize(
        "changes",
        [
            {"format": "2"}, {"format": 0}, {"format": None}, {"name": 3}, {"fingerprint": None},
            {"classes": "cat"}, {"classes": ["cat"]}, {"classes": [1, 2]},
            {"size": 0}, {"size": True}, {"size": "16"}, {"size": 8}, {"size": 10**30}, {"shards": []},
            {"shards": {"train": [4, 2]}}, {"shards": {"train": [], "val": [4]}}, {"shards": {"train": [4], "val": 4}},
            {"shards": {"train": [4, -2], "val": [4]}}, {"shards": {"train": [4, 2.0], "val": [4]}},
            {"shards": {"train": [4, 2, 1], "val": [4]}},
        ],
        ids=str,
    )  # fmt: skip
    def test_manifest(self, changes, out):
        about = json.loads((out / "dataset.json").read_text()) | changes
        about["digest"] = digest_of(about)  # as one would who writes such a file on purpose
        (out / "dataset.json").write_text(json.dumps(about))
        with pytest.raises(ValueError, match=r"(dataset\.json|\.np[yz]): expected .*; prepare again$") as error:
            read_prepared(out)
        assert "\n" not in str(error.value)

    @pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"3", b"\xff\xfe", b"[" * 100_000], ids=range(7))
    def test_manifest_of_nonsense(self, content, out):
        self.replace(out / "dataset.json", content)
        self.complains(out, "dataset.json")

    def test_no_folder(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="absent"):
            read_prepared(tmp_path / "none")

    def replace(self, path, content):
        path.unlink()
        if content is not None:
            path.write_bytes(content)

    def complains(self, out, name):
        for read in (read_prepared, load):
            with pytest.raises(ValueError, match=rf"{name}: expected a file as .* writes it, got .*again$") as error:
                read(out)
            assert "\n" not in str(error.value)


class TestLoad:
    def test_prepared(self, out):
        data = load(out)
        assert isinstance(data, Prepared)
        assert isinstance(data.train.images, Shards)
        assert load(str(out), image_size=16).image_size == 16

    def test_another_size(self, out, capsys):
        small, large = load(out, image_size=8), load(out)
        assert isinstance(small, Prepared)
        np.testing.assert_array_equal(small.train.images[:], resize(large.train.images[:], 8))
        np.testing.assert_allclose(small.mean_image(), small.train.images[:].mean(axis=0), atol=2)
        assert small.mean_image().dtype == np.float32
        np.testing.assert_array_equal(small.colour_components()[0], large.colour_components()[0])
        assert capsys.readouterr().err == ""
        assert load(out, image_size=20).image_size == 20
        assert "images of 16 pixels are enlarged to 20" in capsys.readouterr().err

    def test_limit(self, out):
        data = load(out, limit=3)
        np.testing.assert_array_equal(data.train.labels, [0, 0, 1])
        np.testing.assert_array_equal(data.train.images[:], load(out).train.images[[0, 1, 3]])
        np.testing.assert_array_equal(data.mean, load(out).mean)  # of all training images

    def test_description(self, out, image_folder):
        assert describe(load(out)) == describe(read_folder(image_folder, 16))


class TestFirstUse:
    @pytest.fixture(autouse=True)
    def large_from_ten_files(self, monkeypatch):
        monkeypatch.setattr(first_use, "MANY", 9)

    def test_many_files_are_prepared_once(self, image_folder, cache, monkeypatch):
        data = load(image_folder, image_size=16)
        assert isinstance(data, Prepared)
        np.testing.assert_array_equal(data.val.images[:], read_folder(image_folder, 16).val.images)
        monkeypatch.setattr(decoding, "decode", None)
        assert len(load(str(image_folder), image_size=16, limit=6).train) == 6

    def test_a_changed_folder_is_prepared_anew(self, image_folder, cache):
        load(image_folder, image_size=16)
        Image.new("RGB", (40, 40)).save(image_folder / "train" / "cat" / "7.png")
        assert len(load(image_folder, image_size=16).train) == 7
        assert len(list(cache.iterdir())) == 1

    def test_the_natural_size(self, image_folder, cache):
        assert load(image_folder).image_size == 40

    def test_a_limit_prepares_nothing(self, image_folder, cache):
        data = load(image_folder, image_size=16, limit=3)
        assert type(data.train.images) is np.ndarray
        assert not cache.exists()

    def test_a_limit_that_takes_much_memory_is_prepared(self, image_folder, cache, monkeypatch):
        monkeypatch.setattr(first_use, "ROOM", 4 * 3 * 80**2 - 1)
        data = load(image_folder, image_size=80, limit=2)
        assert len(data.train) == 2
        assert isinstance(data.train.images, Shards)

    def test_few_and_small_ones_stay_in_memory(self, image_folder, cache, monkeypatch):
        monkeypatch.setattr(first_use, "MANY", 10)
        assert type(load(image_folder, image_size=64).train.images) is np.ndarray
        assert not cache.exists()
        assert type(load(image_folder, image_size=65).train.images) is Shards

    def test_folders_of_one_name_and_sizes_are_prepared_separately(self, image_folder, cache, tmp_path):
        image_folder.rename(tmp_path / "photos2")
        (tmp_path / "other").mkdir()
        folders = [tmp_path / "photos2", (tmp_path / "photos2").rename(tmp_path / "other" / "photos2")]
        folders_out = [prepared_folder(folders[1], 8), prepared_folder(folders[1], 9)]
        assert {folder.parent for folder in folders_out} == {cache}
        assert folders_out[0].name.startswith("photos2-")
        assert [folder.name[-2:] for folder in folders_out] == ["-8", "-9"]
        folders[1].rename(folders[0])
        assert prepared_folder(folders[0], 8) not in folders_out

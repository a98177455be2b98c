"""Folders of images."""

import shutil

import numpy as np
import pytest
from PIL import Image

from minialex.data import read_folder, read_image
from minialex.data.folders import reading


def test_classes_labels_and_images(image_folder):
    data = read_folder(image_folder, 16)
    assert (data.name, data.classes, data.unreadable) == ("photos", ("cat", "dog"), ())
    np.testing.assert_array_equal(data.train.labels, [0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(data.val.labels, [0, 0, 1, 1])
    np.testing.assert_array_equal(data.train.images[4], read_image(image_folder / "train" / "dog" / "1.png", 16))


def test_more_files_than_a_thread_reads_at_a_time(image_folder, monkeypatch):
    expected = read_folder(image_folder, 16)
    monkeypatch.setattr(reading, "TASK", 1)
    monkeypatch.setattr(reading, "LONG", 2)
    got = read_folder(image_folder, 16)
    np.testing.assert_array_equal(got.train.images, expected.train.images)


def test_val_is_preferred_to_test(image_folder):
    shutil.copytree(image_folder / "val", image_folder / "test")
    (image_folder / "test" / "dog" / "1.png").unlink()
    assert len(read_folder(image_folder, 8).val) == 4
    shutil.rmtree(image_folder / "val")
    assert len(read_folder(image_folder, 8).val) == 3


def test_other_and_hidden_files_are_ignored(image_folder):
    cats = image_folder / "train" / "cat"
    for name in (".hidden.png", "._0.png", "notes.txt", "Thumbs.db"):
        (cats / name).write_bytes(b"no image")
    (cats / "more.png").mkdir()
    (image_folder / "train" / ".git").mkdir()
    (cats / "2.png").rename(cats / "2.PNG")
    data = read_folder(image_folder, 8)
    assert len(data.train) == 6
    assert data.unreadable == ()


def test_limit(image_folder):
    data = read_folder(image_folder, 8, limit=2)
    np.testing.assert_array_equal(data.train.labels, [0, 1])
    np.testing.assert_array_equal(data.val.labels, [0, 1])


class TestNaturalSize:
    def sized(self, folder, *sizes):
        """The natural size, once every image of the folder has been given one of these sizes."""
        for number, path in enumerate(sorted(folder.rglob("*.png"))):
            Image.new("RGB", sizes[number % len(sizes)]).save(path)
        return read_folder(folder).train.images.shape[-1]

    @pytest.mark.parametrize("side", [20, 32, 100])
    def test_equal_squares_stay_as_they_are(self, side, image_folder):
        assert self.sized(image_folder, (side, side)) == side

    @pytest.mark.parametrize(
        ("sizes", "natural"),
        [
            ([(50, 40)], 40),
            ([(50, 60), (48, 48)], 48),
            ([(500, 400), (300, 300)], 64),
            ([(500, 400), (1, 9)], 32),
        ],
    )
    def test_others_have_the_smallest_shorter_side_within_bounds(self, sizes, natural, image_folder):
        assert self.sized(image_folder, *sizes) == natural


class TestUnreadable:
    def test_named_counted_and_left_out(self, image_folder):
        (image_folder / "train" / "cat" / "1.png").write_bytes(b"no image")
        cut = image_folder / "val" / "dog" / "0.png"
        cut.write_bytes(cut.read_bytes()[:200])
        data = read_folder(image_folder, 16)
        assert data.unreadable == ("train/cat/1.png", "val/dog/0.png")
        np.testing.assert_array_equal(data.train.labels, [0, 0, 1, 1, 1])
        np.testing.assert_array_equal(data.train.images[1], read_image(image_folder / "train/cat/2.png", 16))
        assert len(data.val) == 3

    def test_all_of_a_class(self, image_folder):
        for path in (image_folder / "train" / "dog").iterdir():
            path.write_bytes(b"no image")
        for size in (None, 16):
            with pytest.raises(ValueError, match=r"dog: expected images that can be read, got none of 3 \(such as 0"):
                read_folder(image_folder, size)

    def test_all(self, image_folder):
        for path in image_folder.rglob("*.png"):
            path.write_bytes(b"no image")
        with pytest.raises(ValueError, match="got none of 3"):
            read_folder(image_folder)


class TestWrongFolders:
    def test_absent(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="absent"):
            read_folder(tmp_path / "none")

    def test_empty(self, tmp_path):
        with pytest.raises(ValueError, match="expected a folder train in it, got nothing"):
            read_folder(tmp_path)

    def test_no_train(self, image_folder):
        (image_folder / "train").rename(image_folder / "training")
        with pytest.raises(ValueError, match="expected a folder train in it, got training, val"):
            read_folder(image_folder)

    def test_no_val(self, image_folder):
        shutil.rmtree(image_folder / "val")
        with pytest.raises(ValueError, match="expected a folder val or test"):
            read_folder(image_folder)

    def test_no_classes(self, tmp_path):
        for split in ("train", "val"):
            (tmp_path / split).mkdir()
        with pytest.raises(ValueError, match="expected a folder for each class, got none"):
            read_folder(tmp_path)

    @pytest.mark.parametrize(("lacking", "beside"), [("train", "val"), ("val", "train")])
    def test_classes_that_differ(self, lacking, beside, image_folder):
        (image_folder / beside / "eel").mkdir()
        with pytest.raises(ValueError, match=f"{lacking}: expected the same classes .* eel"):
            read_folder(image_folder)

    def test_a_class_without_images(self, image_folder):
        shutil.rmtree(image_folder / "val" / "cat")
        (image_folder / "val" / "cat").mkdir()
        with pytest.raises(ValueError, match=r"cat: expected images .* got none"):
            read_folder(image_folder)

    @pytest.mark.parametrize("arguments", [{"image_size": 0}, {"limit": -2}])
    def test_numbers(self, arguments, image_folder):
        with pytest.raises(ValueError, match=f"read_folder: expected {next(iter(arguments))} to be an integer >= 1"):
            read_folder(image_folder, **arguments)


def test_real_photographs(photographs):
    """ImageNet as it comes: odd sizes, gray files."""
    data = read_folder(photographs, limit=20)
    assert data.classes == ("bird", "dog", "food", "insect", "reptile")
    assert data.train.images.shape == (20, 3, 64, 64)
    assert data.unreadable == ()
    assert 60 < data.train.images.mean() < 180

"""Split, Dataset and load."""

import numpy as np
import pytest

from minialex.data import Dataset, Split, load


def split_of(labels, size=2):
    labels = np.array(labels, dtype=np.int64)
    images = np.arange(len(labels), dtype=np.uint8)[:, None, None, None] * np.ones((1, 3, size, size), dtype=np.uint8)
    return Split(images, labels)


class TestSplit:
    def test_len(self):
        assert len(split_of([0, 1, 1])) == 3

    def test_limit_keeps_the_classes_balanced_and_the_order(self):
        kept = split_of([0, 0, 0, 0, 1, 1, 1, 2]).limit(5)
        np.testing.assert_array_equal(kept.labels, [0, 0, 1, 1, 2])
        np.testing.assert_array_equal(kept.images[:, 0, 0, 0], [0, 1, 4, 5, 7])

    def test_limit_beyond_the_end_keeps_all(self):
        split = split_of([0, 1])
        assert split.limit(9) is split

    @pytest.mark.parametrize("n", [0, -1, 1.5, True, "3"])
    def test_limit_must_be_an_integer(self, n):
        with pytest.raises(ValueError, match="Split: expected limit to be an integer >= 1"):
            split_of([0, 1]).limit(n)

    def test_limit_reads_no_more_of_a_memory_map_than_it_keeps(self, tmp_path):
        images = np.lib.format.open_memmap(tmp_path / "images.npy", "w+", np.uint8, (10, 3, 4, 4))
        kept = Split(images, np.arange(10) % 2).limit(4)
        assert kept.images.shape == (4, 3, 4, 4)

    @pytest.mark.parametrize(
        ("images", "labels", "what"),
        [
            (np.zeros((2, 3, 4, 4), np.int64), np.zeros(2, np.int64), "images: expected uint8 of 0 to 255, or floats"),
            (np.zeros((2, 4, 4, 3), np.uint8), np.zeros(2, np.int64), "images: expected .*; NHWC"),
            (np.zeros((2, 3, 4, 4), np.uint8), np.zeros(3, np.int64), r"labels: expected \(2,\), one for each image"),
            (np.zeros((2, 3, 4, 4), np.uint8), np.zeros(2), r"labels: expected integers \(2,\)"),
        ],
    )
    def test_wrong_arrays(self, images, labels, what):
        with pytest.raises(ValueError, match=what):
            Split(images, labels)


class TestDataset:
    @pytest.mark.parametrize(("labels", "wrong"), [([0, 2], "2"), ([-1, 0], "-1")])
    def test_labels_must_have_a_class(self, labels, wrong):
        with pytest.raises(ValueError, match=f"expected labels 0 to 1 in val, got {wrong}"):
            Dataset("tiny", ("a", "b"), split_of([0, 1]), split_of(labels))

    def test_a_split_must_not_be_empty(self):
        with pytest.raises(ValueError, match="images in train, got none"):
            Dataset("tiny", ("a", "b"), split_of([]), split_of([0, 1]))

    def test_both_splits_have_images_of_one_size(self):
        with pytest.raises(ValueError, match="as in train"):
            Dataset("tiny", ("a", "b"), split_of([0, 1]), split_of([0, 1], size=3))


class TestLoad:
    def test_shapes(self):
        data = load("shapes", count=30, limit=20, seed=3)
        assert (data.name, len(data.train), len(data.val)) == ("shapes", 20, 20)
        assert data.train.images.shape[1:] == (3, 32, 32)

    def test_count_and_size_of_shapes(self):
        data = load("shapes", count=12, image_size=16, limit=12)
        assert data.train.images.shape == (12, 3, 16, 16)

    @pytest.mark.parametrize(("name", "nearest"), [("shpes", "shapes"), ("cifar-10", "cifar10"), ("minst", "mnist")])
    def test_unknown_name(self, name, nearest):
        with pytest.raises(ValueError, match=f"shapes, cifar10, mnist, .* or a folder.*; did you mean '{nearest}'"):
            load(name)

    @pytest.mark.parametrize("name", ["im", "zzz", "photos"])
    def test_a_name_that_is_not_close_to_any_gets_no_suggestion(self, name):
        with pytest.raises(ValueError, match=f"got '{name}'; check the name or the path$"):
            load(name)

    def test_absent_path(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="absent"):
            load(tmp_path / "none")
        with pytest.raises(FileNotFoundError, match="absent"):
            load(str(tmp_path / "none"))

    def test_folder(self, image_folder):
        data = load(str(image_folder), image_size=8, limit=3)
        assert data.classes == ("cat", "dog")
        assert data.train.images.shape == (3, 3, 8, 8)
        np.testing.assert_array_equal(data.val.labels, [0, 0, 1])

    def test_cifar10_from_a_folder_limited_and_resized(self, binary_folder):
        data = load(binary_folder, limit=7, image_size=16)
        assert data.name == "cifar10"
        assert data.train.images.shape == data.val.images.shape == (7, 3, 16, 16)

    def test_a_folder_of_images_may_hold_cifar10_too(self, image_folder, binary_folder):
        binary_folder.rename(image_folder / binary_folder.name)
        assert load(image_folder).classes == ("cat", "dog")

    def test_cifar10_by_name(self, binary_folder, monkeypatch):
        monkeypatch.setenv("MINIALEX_DATA", str(binary_folder.parent))
        assert len(load("cifar10").train) == 100

    @pytest.mark.parametrize("arguments", [{"limit": 0}, {"image_size": -1}, {"count": 1.5}])
    def test_numbers_are_checked(self, arguments):
        with pytest.raises(ValueError, match=f"load: expected {next(iter(arguments))} to be an integer >= 1"):
            load("shapes", **arguments)

    def test_count_is_for_drawn_images(self, image_folder):
        with pytest.raises(ValueError, match="only with shapes"):
            load(image_folder, count=5)

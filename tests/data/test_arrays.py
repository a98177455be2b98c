"""Images and labels of any shape: what is converted, what is refused, and the remedy that is named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from minialex.data import Dataset, Shards, Split

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (5, 6, 7), dtype=np.uint8)
FIVE = np.arange(5)


class TestImages:
    @pytest.mark.parametrize("channels", [1, 2, 3, 4, 7])
    @pytest.mark.parametrize("dtype", ["uint8", "float16", "float32", "float64"])
    def test_any_number_of_channels_of_uint8_or_floats_stays_as_it_is(self, channels, dtype):
        images = RNG.integers(0, 256, (5, channels, 6, 6)).astype(dtype)
        for split in (Split(images, FIVE), Split.from_arrays(images, FIVE)):
            assert split.images is images

    def test_grey_images_get_an_axis_of_one_channel(self):
        split = Split.from_arrays(GREY, FIVE)
        assert split.images.shape == (5, 1, 6, 7)
        np.testing.assert_array_equal(split.images[:, 0], GREY)

    @pytest.mark.parametrize("dtype", ["int64", "int32", "uint16", "int8"])
    def test_integers_of_0_to_255_become_uint8(self, dtype):
        images = (GREY // 2).astype(dtype)
        split = Split.from_arrays(images, FIVE)
        assert split.images.dtype == np.uint8
        np.testing.assert_array_equal(split.images[:, 0], GREY // 2)

    def test_lists_are_accepted(self):
        split = Split.from_arrays(GREY.tolist(), [0, 1, 2, 3, 4])
        assert (split.images.dtype, split.images.shape) == (np.uint8, (5, 1, 6, 7))
        assert Split.from_arrays(list(GREY), FIVE.tolist()).images.shape == (5, 1, 6, 7)

    def test_shards_stay_on_the_disk(self):
        shards = Shards([GREY[:2, None], GREY[2:, None]])
        assert Split.from_arrays(shards, FIVE).images is shards

    @pytest.mark.parametrize(
        ("images", "remedy"),
        [
            (np.zeros((5, 8, 9, 3), np.uint8), r"NHWC\? transpose with images.transpose\(0, 3, 1, 2\)"),
            (np.zeros((5, 8, 8, 1)), "NHWC"),
            (np.zeros((5, 4, 4, 3), np.uint8), "NHWC"),
            (np.zeros((5, 48), np.uint8), r"got uint8 \(5, 48\); reshape them"),
            (np.zeros((5, 3, 8, 0), np.uint8), "at least one pixel"),
            (np.full((5, 1, 2, 2), 256), r'images.astype\("float32"\)'),
            (np.full((5, 1, 2, 2), -1), r'images.astype\("float32"\)'),
            (np.zeros((5, 1, 2, 2), complex), "uint8 of 0 to 255, or floats"),
            (np.full((5, 1, 2, 2), "a"), "uint8 of 0 to 255, or floats"),
            ([np.zeros((2, 2)), np.zeros((3, 3))], "got images of different shapes; resize or cut"),
            (np.zeros((0, 3, 4, 4), np.uint8), "at least one, got none"),
            (np.zeros((0, 4, 4), np.uint8), "at least one, got none"),
            ([], r"got float64 \(0,\)"),
        ],
    )
    def test_what_cannot_be_meant_is_refused_with_the_remedy(self, images, remedy):
        with pytest.raises(ValueError, match=rf"^images: expected .*{remedy}"):
            Split.from_arrays(images, np.zeros(len(images), int))

    @pytest.mark.parametrize("shape", [(5, 3, 8, 3), (5, 1, 8, 1), (5, 7, 4, 4), (5, 3, 4, 4), (5, 3, 3, 1)])
    def test_shapes_that_only_resemble_nhwc_are_accepted(self, shape):
        assert len(Split(np.zeros(shape, np.uint8), FIVE)) == 5

    @pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("make", [Split, Split.from_arrays])
    def test_floats_are_finite(self, wrong, make, monkeypatch):
        monkeypatch.setattr("minialex.data.arrays.SLICE", 8)
        images = np.zeros((5, 1, 2, 2), "float32")
        images[3, 0, 1, 1] = wrong
        with pytest.raises(ValueError, match="images: expected finite values, got nan or infinity in image 3"):
            make(images, FIVE)

    def test_the_constructor_converts_no_images_and_says_how(self):
        with pytest.raises(ValueError, match=r"without channels: images\[:, None\]"):
            Split(GREY, FIVE)
        with pytest.raises(ValueError, match=r"got a list; call Split.from_arrays"):
            Split(GREY.tolist(), FIVE)
        with pytest.raises(ValueError, match=r'convert with images.astype\("float32"\)'):
            Split(GREY[:, None].astype(int), FIVE)


class TestLabels:
    @given(
        arrays(st.sampled_from(["int8", "uint8", "int32", "uint32", "int64", ">i2"]), 5, elements=st.integers(0, 99))
    )
    def test_integers_of_any_kind_become_int64(self, labels):
        for make in (Split, Split.from_arrays):
            split = make(GREY[:, None], labels)
            assert split.labels.dtype == np.int64
            np.testing.assert_array_equal(split.labels, labels)

    @pytest.mark.parametrize(
        ("labels", "remedy"),
        [
            (np.eye(5), r"one-hot\? use labels.argmax\(axis=1\)"),
            (np.eye(5, 3, dtype=np.uint8), "one-hot"),
            (FIVE[:, None], r"use labels.ravel\(\)"),
            (FIVE[:4], r"expected \(5,\), one for each image, got int64 \(4,\)"),
            (3, "one for each image"),
            (FIVE / 1, r"got float64 \(5,\); convert with labels.astype\(int\)"),
            (FIVE > 2, r"labels.astype\(int\)"),
            (list("abcde"), "call Dataset.from_arrays, which numbers them"),
        ],
    )
    @pytest.mark.parametrize("make", [Split, Split.from_arrays])
    def test_what_is_no_label_is_refused_with_the_remedy(self, labels, remedy, make):
        with pytest.raises(ValueError, match=f"^labels: .*{remedy}"):
            make(GREY[:, None], labels)


class TestDataset:
    def test_integers_are_the_classes_and_their_names(self):
        data = Dataset.from_arrays(GREY, [7, 3, 3, 12, 7], GREY[:2], np.array([12, 3], np.uint8))
        assert data.classes == ("3", "7", "12")
        assert (data.train.labels.tolist(), data.val.labels.tolist()) == ([1, 0, 0, 2, 1], [2, 0])
        assert (data.name, data.channels, data.image_size) == ("arrays", 1, 7)

    def test_a_class_may_be_in_one_split_alone(self):
        assert Dataset.from_arrays(GREY[:2], [0, 2], GREY[:2], [1, 0]).classes == ("0", "1", "2")

    @pytest.mark.parametrize("kind", [list, np.array, lambda labels: np.array(labels, dtype=object)])
    def test_texts_are_numbered_in_their_order(self, kind):
        data = Dataset.from_arrays(GREY[:3], kind(["dog", "cat", "dog"]), GREY[:1], kind(["cat"]), name="pets")
        assert (data.name, data.classes) == ("pets", ("cat", "dog"))
        assert (data.train.labels.tolist(), data.val.labels.tolist()) == ([1, 0, 1], [0])

    def test_classes_give_the_order_of_texts_and_the_names_of_integers(self):
        texts = Dataset.from_arrays(GREY[:2], ["a", "c"], GREY[:1], ["c"], classes=["c", "b", "a"])
        assert (texts.classes, texts.train.labels.tolist()) == (("c", "b", "a"), [2, 0])
        integers = Dataset.from_arrays(GREY[:2], [2, 0], GREY[:1], [0], classes=["c", "b", "a"])
        assert (integers.classes, integers.train.labels.tolist()) == (("c", "b", "a"), [2, 0])

    def test_a_label_that_is_no_class_is_named(self):
        with pytest.raises(ValueError, match="some of the 2 classes, got 'dgo'; did you mean 'dog'"):
            Dataset.from_arrays(GREY[:2], ["dog", "dgo"], GREY[:1], ["cat"], classes=["cat", "dog"])
        with pytest.raises(ValueError, match="labels 0 to 1 in train, got 2"):
            Dataset.from_arrays(GREY[:2], [0, 2], GREY[:1], [0], classes=["cat", "dog"])

    @pytest.mark.parametrize(
        ("train", "val", "message"),
        [
            ([0, 1], ["0"], "integers in both, or texts in both"),
            ([0.5, 1], [0], "integers in both"),
            ([0.5, 1], [0.5], r"integers or texts, got float64 \(2,\)"),
            (np.eye(2), [0], "one-hot"),
            ([0, 1, 2], [0], "one for each image"),
        ],
    )
    def test_labels_of_no_kind(self, train, val, message):
        with pytest.raises(ValueError, match=f"labels: expected .*{message}|labels: .*{message}"):
            Dataset.from_arrays(GREY[:2], train, GREY[:1], val)

    def test_both_splits_have_pixels_of_one_kind(self):
        with pytest.raises(ValueError, match="uint8 in both splits, or floats, got uint8 in train, float64 in val"):
            Dataset.from_arrays(GREY, FIVE, GREY / 255, FIVE)

    def test_limit_and_take_keep_channels_and_kinds(self):
        data = Dataset.from_arrays(GREY / 255, FIVE % 2, GREY / 255, FIVE % 2).limit(3)
        assert (data.train.images.shape, data.train.images.dtype) == ((3, 1, 6, 7), np.float64)
        assert data.val.take(np.array([2, 0])).labels.tolist() == [0, 0]

"""Images of another size: resized when they are read, or in memory where they fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minialex.data import Dataset, Shards, Split, resize, resized

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 3, 12, 12), dtype=np.uint8)
SHARDS = Shards([IMAGES[:4], IMAGES[4:]])
LABELS = np.arange(7) % 2


@given(
    st.one_of(
        st.integers(-7, 6),
        st.slices(7),
        st.lists(st.integers(-7, 6), max_size=9).map(lambda some: np.array(some, dtype=np.int64)),
        st.lists(st.booleans(), min_size=7, max_size=7).map(np.array),
    )
)
def test_an_index_reads_the_resized_images_of_it(index):
    lazy = resized.Resized(SHARDS, 5)
    np.testing.assert_array_equal(lazy[index], resize(IMAGES, 5)[index])
    if np.ndim(index) == 1:
        np.testing.assert_array_equal(lazy.take(index)[:], resize(IMAGES, 5)[index])


def test_it_is_an_array_to_whoever_asks():
    lazy = resized.Resized(SHARDS, 5)
    assert (len(lazy), lazy.shape, lazy.ndim, lazy.dtype) == (7, (7, 3, 5, 5), 4, np.uint8)
    split = Split(lazy, LABELS).limit(4)
    assert split.images.shape == (4, 3, 5, 5)
    with pytest.raises(IndexError):
        lazy[7]


def test_few_are_kept_in_memory_and_many_are_not(monkeypatch):
    assert isinstance(resized.resized_images(SHARDS, 5), np.ndarray)
    monkeypatch.setattr(resized, "ROOM", 7 * 3 * 5 * 5 - 1)
    lazy = resized.resized_images(SHARDS, 5)
    assert isinstance(lazy, resized.Resized)
    np.testing.assert_array_equal(lazy[:], resize(IMAGES, 5))
    assert resized.resized_images(SHARDS, 12) is SHARDS


def test_no_more_than_a_chunk_is_read_at_its_old_size(monkeypatch):
    monkeypatch.setattr(resized, "CHUNK", 2)
    read = []
    original = Shards.__getitem__
    monkeypatch.setattr(Shards, "__getitem__", lambda self, index: read.append(index) or original(self, index))
    resized.Resized(SHARDS, 5)[:]
    assert len(read) == 4
    assert all(part.stop - part.start == 2 for part in read)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_resize_of_any_channels_and_kind_treats_each_channel_alike(channels, dtype):
    images = np.random.default_rng(1).integers(0, 256, (2, channels, 9, 9)).astype(dtype)
    small = resize(images, 4)
    assert (small.shape, small.dtype) == ((2, channels, 4, 4), dtype)
    for channel in range(channels):
        np.testing.assert_array_equal(small[:, channel : channel + 1], resize(images[:, channel : channel + 1], 4))
    exact = resize(images.astype("float64"), 4)
    np.testing.assert_allclose(small, np.clip(exact, 0, 255) if dtype == "uint8" else exact, atol=2.5)


def test_rectangles_are_not_squeezed():
    with pytest.raises(ValueError, match="resize: expected square images, got 9 x 12 pixels; cut squares out"):
        resize(IMAGES[:, :, :9], 5)


def test_a_dataset_is_resized_with_its_labels():
    data = Dataset("a", ("x", "y"), Split(SHARDS, LABELS), Split(IMAGES, LABELS)).resize(6)
    assert (data.image_size, data.train.images.shape, data.val.images.shape) == (6, (7, 3, 6, 6), (7, 3, 6, 6))
    np.testing.assert_array_equal(data.train.labels, LABELS)

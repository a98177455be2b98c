"""Files of images that read as one array."""

import numpy as np
import pytest

from minialex.data import Shards, Split, batches, mean_image

WHOLE = np.random.default_rng(0).integers(0, 256, (11, 3, 4, 4), dtype=np.uint8)


@pytest.fixture(params=["all", "some indices"])
def pair(request, tmp_path):
    """Shards, one of them empty, and the array that they should be like."""
    parts = []
    for number, (start, stop) in enumerate([(0, 4), (4, 4), (4, 9), (9, 11)]):
        np.save(tmp_path / f"{number}.npy", WHOLE[start:stop])
        parts.append(np.load(tmp_path / f"{number}.npy", mmap_mode="r"))
    if request.param == "all":
        return Shards(parts), WHOLE
    indices = np.array([10, 0, 3, 3, 4, 8, 9, 5])
    return Shards(parts).take(indices), WHOLE[indices]


def test_shape(pair):
    shards, array = pair
    assert (shards.shape, shards.ndim, shards.dtype, len(shards)) == (array.shape, 4, np.uint8, len(array))


@pytest.mark.parametrize(
    "index",
    [0, 7, -1, np.int64(4), slice(None), slice(2, 7), slice(-3, None), slice(6, 1, -2), slice(3, 3), [], [5, 0, 5, -2],
     np.array([7, 3, 4, 4, 1]), np.array([2, 1], dtype=np.uint8)],
    ids=str,
)  # fmt: skip
def test_like_an_array(index, pair):
    shards, array = pair
    got = shards[index]
    expected = array[index if not isinstance(index, list) else np.array(index, dtype=int)]
    assert type(got) is np.ndarray
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(got, expected)
    got[...] = 0  # a copy: the files are read-only


def test_a_mask(pair):
    shards, array = pair
    mask = np.arange(len(array)) % 3 == 0
    np.testing.assert_array_equal(shards[mask], array[mask])


def test_iteration_ends(pair):
    shards, array = pair
    np.testing.assert_array_equal(np.stack(list(shards)), array)


@pytest.mark.parametrize("index", [11, -12, [0, 30], np.array([-40])], ids=str)
def test_beyond_the_end(index, pair):
    with pytest.raises(IndexError, match="expected indices below"):
        pair[0][index]


@pytest.mark.parametrize("index", [1.0, "a", (0, 1), (slice(None), 0), None, True, [[0]]], ids=str)
def test_no_index(index, pair):
    with pytest.raises((IndexError, ValueError)):
        pair[0][index]


def test_parts_that_do_not_fit():
    with pytest.raises(ValueError, match="one image size"):
        Shards([WHOLE, WHOLE[:, :, :2]])
    with pytest.raises(ValueError, match="got none"):
        Shards([])


def test_a_split_of_shards(pair):
    shards, array = pair
    labels = np.arange(len(array)) % 2
    split = Split(shards, labels)
    np.testing.assert_array_equal(mean_image(split.images), mean_image(array))
    mean = np.zeros((3, 4, 4), np.float32)
    got = [np.concatenate(arrays) for arrays in zip(*batches(split, 3, mean=mean), strict=True)]
    np.testing.assert_array_equal(got[0], array)
    np.testing.assert_array_equal(got[1], labels)
    shuffled = [
        np.concatenate([images for images, _ in batches(s, 3, mean=mean, rng=np.random.default_rng(1))])
        for s in (split, Split(array, labels))
    ]
    np.testing.assert_array_equal(*shuffled)


def test_a_limit_reads_nothing(pair, monkeypatch):
    shards, array = pair
    split = Split(shards, np.arange(len(array)) % 2)
    expected = Split(array, split.labels).limit(5)
    with monkeypatch.context() as patch:
        patch.setattr(Shards, "__getitem__", None)
        limited = split.limit(5).limit(4)
    np.testing.assert_array_equal(limited.images[:], expected.limit(4).images)
    np.testing.assert_array_equal(limited.labels, expected.limit(4).labels)

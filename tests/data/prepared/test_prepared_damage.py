"""Damaged prepared images: whatever byte is changed, missing or added is noticed, or changes nothing that is read."""

import json
import shutil

import numpy as np
import pytest
from damage import silently_other

from minialex.data import load, prepare, read_prepared
from minialex.data.prepared import manifest
from minialex.data.prepared.manifest import digest_of
from minialex.data.shards import Shards

FILES = ("train-00000.npy", "train-00001.npz", "val-00000.npy", "val-00000.npz", "statistics.npz", "dataset.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory, module_images):
    out = tmp_path_factory.mktemp("made") / "prepared"
    prepare(module_images, out, size=8, shard=4)
    return out


@pytest.fixture(scope="module")
def module_images(tmp_path_factory):
    from PIL import Image

    root, rng = tmp_path_factory.mktemp("images") / "photos", np.random.default_rng(0)
    for split, count in {"train": 3, "val": 2}.items():
        for label in ("cat", "dog"):
            (root / split / label).mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(0, 256, (20, 24, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(root / split / label / f"{number}.png")
    return root


@pytest.fixture
def prepared(made, tmp_path):
    return shutil.copytree(made, tmp_path / "prepared")


def everything(folder):
    """Return all that a training reads of a prepared folder."""
    data = read_prepared(folder)
    arrays = [data.train.images[:], data.train.labels, data.val.images[:], data.val.labels, data.mean, data.mean_rgb]
    arrays += [data.covariance, data.eigenvalues, data.eigenvectors]
    return [data.name, data.classes, data.unreadable, *((a.dtype, a.shape, a.tobytes()) for a in arrays)]


@pytest.mark.parametrize("name", FILES)
def test_no_damage_is_read_silently(prepared, name):
    path = prepared / name
    assert not silently_other(path, path.read_bytes(), lambda: everything(prepared), count=60)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_no_byte_can_be_changed_silently(prepared, name):
    path = prepared / name
    assert not silently_other(path, path.read_bytes(), lambda: everything(prepared), count=path.stat().st_size)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(prepared, name):
    (prepared / name).unlink()
    with pytest.raises(ValueError, match=name):
        everything(prepared)


def test_a_damaged_image_is_named_and_mended_by_preparing_again(prepared, made, module_images):
    path = prepared / "train-00000.npy"
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 1  # of the fourth image
    path.write_bytes(raw)
    images = read_prepared(prepared).train.images
    assert images[:3].shape == (3, 3, 8, 8)
    with pytest.raises(ValueError, match=r"train-00000\.npy: expected image 3 as it was written, got other bytes; rem"):
        images[[5, 3]]
    with pytest.raises(ValueError, match="image 3 as it was written"):
        load(prepared, image_size=4).train.take(np.array([3])).images[0]
    path.unlink()
    assert prepare(module_images, prepared, size=8, shard=4).decoded == 4
    assert everything(prepared) == everything(made)


def test_shards_that_change_their_places_are_noticed(prepared):
    for end in (".npy", ".npz"):
        one, other = prepared / f"train-00000{end}", prepared / f"val-00000{end}"
        one.rename(prepared / "x"), other.rename(one), (prepared / "x").rename(other)
    with pytest.raises(ValueError, match=r"dataset\.json: expected .*, got one of other shards"):
        read_prepared(prepared)


def test_a_newer_format_is_refused_and_not_written_over(prepared, module_images):
    about = json.loads((prepared / "dataset.json").read_text())
    (prepared / "dataset.json").write_text(json.dumps({**about, "format": 3}))
    message = r"dataset\.json: expected format 2 or an older one, got 3, of a newer version; pip install --upgrade"
    for use in (lambda: read_prepared(prepared), lambda: prepare(module_images, prepared, size=8, shard=4)):
        with pytest.raises(RuntimeError, match=message):
            use()
    assert json.loads((prepared / "dataset.json").read_text())["format"] == 3


def test_a_folder_of_format_1_is_read_and_not_prepared_again(prepared, made, module_images):
    """Its images have no checksums, its manifest no digest."""
    about = json.loads((prepared / "dataset.json").read_text())
    del about["digest"]
    (prepared / "dataset.json").write_text(json.dumps({**about, "format": 1}))
    for path in prepared.glob("*-*.npz"):
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files if name != "checksums"}
        np.savez(path, **arrays)
    assert everything(prepared) == everything(made)
    assert prepare(module_images, prepared, size=8, shard=4).decoded == 0


def test_the_digest_is_of_all_but_itself():
    about = {"format": manifest.FORMAT, "classes": ["a", "b"]}
    assert digest_of(about) == digest_of({**about, "digest": "x"}) == digest_of(dict(reversed(about.items())))
    assert digest_of(about) != digest_of({**about, "classes": ["a", "c"]})


def test_a_selection_of_shards_is_verified_too():
    parts = [np.arange(24, dtype=np.uint8).reshape(2, 3, 2, 2), np.ones((1, 3, 2, 2), np.uint8)]
    checksums = np.array([0, 0, 0], np.uint32)
    images = Shards(parts, checksums=checksums).take(np.array([2, 0]))
    with pytest.raises(ValueError, match="shards: expected image 0 as it was written"):
        images[1]

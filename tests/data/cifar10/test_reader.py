"""CIFAR-10 in its official versions, and damaged or untrusted files."""

import io
import pickle
import tarfile

import numpy as np
import pytest

from minialex.data import read_cifar10
from minialex.data.cifar10 import reader as cifar10


def assert_is(data, tiny):
    """Check that the dataset contains exactly these batches."""
    for split, names in ((data.train, cifar10.TRAIN), (data.val, cifar10.TEST)):
        np.testing.assert_array_equal(split.images, np.concatenate([tiny[name][0] for name in names]))
        np.testing.assert_array_equal(split.labels, np.concatenate([tiny[name][1] for name in names]))
    assert data.classes[0] == "airplane"
    assert len(data.classes) == 10


@pytest.mark.parametrize("form", ["binary", "python"])
def test_folder_its_parent_and_archive(form, request, tiny_cifar, pack):
    folder = request.getfixturevalue(f"{form}_folder")
    archive = pack(folder, f"cifar-10-{form}.tar.gz")
    for path in (folder, str(folder.parent), archive):
        assert_is(read_cifar10(path), tiny_cifar)


@pytest.mark.parametrize("form", ["binary", "python"])
def test_a_folder_that_holds_the_archive_alone(form, request, tiny_cifar, pack, tmp_path):
    archive = pack(request.getfixturevalue(f"{form}_folder"), f"cifar-10-{form}.tar.gz")
    (tmp_path / "downloads").mkdir()
    archive.rename(tmp_path / "downloads" / archive.name)
    assert_is(read_cifar10(tmp_path / "downloads"), tiny_cifar)


class TestWrongFiles:
    def test_truncated_batch(self, binary_folder):
        path = binary_folder / "data_batch_3.bin"
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(ValueError, match=r"data_batch_3.bin: expected 61,460 bytes, got 61,459"):
            read_cifar10(binary_folder)

    def test_missing_batch(self, binary_folder):
        (binary_folder / "data_batch_5.bin").unlink()
        with pytest.raises(ValueError, match=r"expected a file data_batch_5.bin"):
            read_cifar10(binary_folder)

    def test_wrong_label_byte(self, binary_folder):
        path = binary_folder / "test_batch.bin"
        path.write_bytes(b"\x0a" + path.read_bytes()[1:])
        with pytest.raises(ValueError, match="test_batch: expected labels 0 to 9, got 10"):
            read_cifar10(binary_folder)

    def test_truncated_archive(self, binary_folder, pack):
        archive = pack(binary_folder, "cifar-10-binary.tar.gz")
        archive.write_bytes(archive.read_bytes()[:-5000])
        with pytest.raises(ValueError, match="cannot be read to its end"):
            read_cifar10(archive)

    def test_no_archive_at_all(self, tmp_path):
        path = tmp_path / "cifar-10-binary.tar.gz"
        path.write_bytes(b"<html>503 Service Unavailable</html>")
        with pytest.raises(ValueError, match=r"cifar-10-binary.tar.gz: expected an archive"):
            read_cifar10(path)

    def test_an_archive_of_something_else(self, image_folder, pack):
        with pytest.raises(ValueError, match=r"expected a file data_batch_1 in it, got none of CIFAR-10"):
            read_cifar10(pack(image_folder, "photos.tar.gz"))

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
    def test_links_and_pipes_in_an_archive_are_no_batches(self, kind, tmp_path, tiny_cifar):
        secret = tmp_path / "secret"
        secret.write_bytes(b"0" * 61460)
        with tarfile.open(tmp_path / "cifar-10-binary.tar.gz", "w:gz") as archive:
            member = tarfile.TarInfo("cifar-10-batches-bin/data_batch_1.bin")
            member.type, member.linkname = kind, str(secret)
            archive.addfile(member)
        with pytest.raises(ValueError, match="expected a file data_batch_1"):
            read_cifar10(tmp_path / "cifar-10-binary.tar.gz")

    def test_an_archive_is_not_unpacked(self, binary_folder, tiny_cifar, tmp_path):
        with tarfile.open(tmp_path / "odd.tar.gz", "w:gz") as archive:
            for path in binary_folder.iterdir():
                member = tarfile.TarInfo(f"../../{path.name}")  # would leave the folder, were it unpacked
                member.size = path.stat().st_size
                archive.addfile(member, io.BytesIO(path.read_bytes()))
        before = sorted(tmp_path.parent.rglob("*"))
        assert_is(read_cifar10(tmp_path / "odd.tar.gz"), tiny_cifar)
        assert sorted(tmp_path.parent.rglob("*")) == before

    @pytest.mark.parametrize(
        ("key", "value", "what"),
        [
            (b"data", np.zeros((3, 3072), np.uint8), r"expected data of uint8 \(20, 3072\), got uint8 \(3, 3072\)"),
            (b"data", np.zeros((20, 3072)), "got float64"),
            (b"data", [1, 2], "got a list"),
            (b"labels", [0] * 19, "expected a list of 20 integers as labels, got 19 entries"),
            (b"labels", [0.5] * 20, "a list of 20 integers"),
            (b"labels", None, "got NoneType"),
            (b"labels", [0] * 19 + [10], "expected labels 0 to 9, got 10"),
            (b"labels", [0] * 19 + [-1], "expected labels 0 to 9, got -1"),
            (b"labels", [0] * 19 + [2**80], "expected labels 0 to 9"),
        ],
    )
    def test_a_pickle_with_other_things_in_it(self, key, value, what, python_folder):
        path = python_folder / "data_batch_2"
        batch = pickle.loads(path.read_bytes())
        path.write_bytes(pickle.dumps(batch | {key: value}, protocol=2))
        with pytest.raises(ValueError, match=f"data_batch_2: .*{what}"):
            read_cifar10(python_folder)

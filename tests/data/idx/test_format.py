"""IDX files: what is written is read, and no other file is believed."""

import gzip
import re
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from minialex.data import read_idx
from minialex.data.idx import format as idx


def encoded(array):
    """Return the bytes of an IDX file."""
    kind = next(number for number, code in idx.KINDS.items() if np.dtype(code) == array.dtype.newbyteorder(">"))
    head = struct.pack(f">4B{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


GOOD = encoded(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


@given(st.sampled_from(sorted(idx.KINDS.values())).flatmap(lambda kind: arrays(
    np.dtype(kind).newbyteorder("="), array_shapes(max_dims=4, max_side=4))), st.booleans())  # fmt: skip
def test_what_is_written_is_read(tmp_path_factory, array, compressed):
    path = tmp_path_factory.mktemp("idx") / "a"
    path.write_bytes(gzip.compress(encoded(array)) if compressed else encoded(array))
    got = read_idx(path)
    assert (got.dtype, got.dtype.isnative) == (array.dtype, True)
    np.testing.assert_array_equal(got, array)
    got.flat[0] = 1  # it can be written to


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the first 0 of 4 bytes"),
        (GOOD[:9], "the first 5 of 12 bytes"),
        (GOOD[:-1], "the first 23 of 24 bytes|too small"),
        (GOOD + b"\0", "more bytes than the 24 of shape"),
        (b"\1" + GOOD[1:], "one that begins with 01 00 08 03"),
        (b"\0\0\x07\3" + GOOD[4:], "one that begins with 00 00 07 03"),
        (b"\0\0\x08\0" + GOOD[4:], "begins with 00 00 08 00"),
        (b"\0\0\x08\xff" + GOOD[4:], "begins with 00 00 08 ff"),
        (struct.pack(">4B3I", 0, 0, 8, 3, 0, 28, 28), "no values"),
        (struct.pack(">4B3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1), "too small"),
        (b"PK\3\4 something else", "begins with 50 4b"),
    ],
)
def test_other_files_are_one_line(tmp_path, content, message, compressed):
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(content) if compressed else content)
    pattern = rf"^{re.escape(str(path))}: expected an IDX file, whole, got .*({message}).*; download it again$"
    with pytest.raises(ValueError, match=pattern):
        read_idx(path)


@pytest.mark.parametrize("keep", [1, 5, 12, -9, -4, -1])
def test_a_truncated_gzip(tmp_path, keep):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(GOOD)[:keep])
    with pytest.raises(ValueError, match="expected an IDX file, whole"):
        read_idx(path)


def test_a_damaged_gzip(tmp_path):
    path, content = tmp_path / "a.gz", bytearray(gzip.compress(GOOD))
    content[-6] ^= 1  # of the checksum
    path.write_bytes(content)
    with pytest.raises(ValueError, match="CRC"):
        read_idx(path)
    path.write_bytes(content[:12] + b"\xff\xff\xff" + content[15:])
    with pytest.raises(ValueError, match="expected an IDX file, whole"):
        read_idx(path)


def test_no_memory_is_taken_for_what_a_header_claims(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, 10**6, 1000, 1000) + bytes(100))
    monkeypatch.setattr(idx, "exactly", lambda file, size: file.read(size) if size < 99 else pytest.fail("read"))
    with pytest.raises(ValueError, match="too small"):
        read_idx(path)


def test_an_absent_file_and_a_folder(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(FileNotFoundError, match="expected an IDX file, got none"):
            read_idx(path)

"""Frames: what is written is read; anything else is an error, and no code."""

import io
import json
import pickle

import numpy as np
import pytest

from minialex.grading.frames import LARGEST, BrokenFrame, read_frame, write_frame

ARRAYS = {
    "x": np.arange(6, dtype="float32").reshape(2, 3), "labels": np.array([1, 0]), "scalar": np.array(2.5),
    "transposed": np.arange(6.0).reshape(2, 3).T, "empty": np.zeros((0, 3)), "mask": np.array([True, False]),
}  # fmt: skip


def test_arrays_come_back_as_they_were():
    pipe = io.BytesIO()
    write_frame(pipe, {"do": "forward", "states": [{"state": 2**100}]}, ARRAYS)
    write_frame(pipe, {}, {})
    pipe.seek(0)
    message, arrays = read_frame(pipe)
    assert message == {"do": "forward", "states": [{"state": 2**100}]}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype
        assert arrays[name].flags.writeable
    assert read_frame(pipe) == ({}, {})
    with pytest.raises(EOFError):
        read_frame(pipe)


def framed(header, rest=b""):
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(data).to_bytes(8, "little") + data + rest


@pytest.mark.parametrize("data", [
    b"\xff" * 8, framed(b"{"), framed(b"[" * 100_000), framed([1]), framed([[], []]), framed([{}, [["x", "|O", [2]]]]),
    framed([{}, [["x", "no dtype", [2]]]]), framed([{}, [["x", "<f8", [-2]]]]), framed([{}, [["x", "<f8", ["a"]]]]),
    framed([{}, [["x", "<f8", [LARGEST]]]]), framed([{}, [["x", "<f8", [2**62, 2**62]]]]), framed(pickle.dumps(print)),
])  # fmt: skip
def test_what_is_no_frame_is_refused(data):
    with pytest.raises(BrokenFrame):
        read_frame(io.BytesIO(data))


def test_a_frame_that_is_cut_off_is_the_end():
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(framed([{}, [["x", "<f8", [2]]]], b"12345678")))


def test_objects_that_are_written_are_not_read():
    pipe = io.BytesIO()
    write_frame(pipe, {}, {"x": np.array([print, None])})
    pipe.seek(0)
    with pytest.raises(BrokenFrame):
        read_frame(pipe)

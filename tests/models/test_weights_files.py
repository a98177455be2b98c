"""Files of weights that are damaged or malicious: an error of one line, no code run, little memory allocated."""

import io
import json
import os
import pickle
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from damage import silently_other

from minialex.models import read_weights, weight_formats, weights, write_weights

ARRAYS = {"conv1/0": np.arange(6, dtype="f4").reshape(1, 2, 3), "conv1/1": np.array([7.0], dtype="f4")}


@pytest.fixture
def refused(tmp_path):
    """A check that a file of these bytes is refused in one line and little memory; it returns the line."""

    def check(name, raw):
        (tmp_path / name).write_bytes(raw)
        tracemalloc.start()
        with pytest.raises(ValueError, match=name.replace(".", r"\.")) as caught:
            read_weights(tmp_path / name)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20 * len(raw) + 2e6
        assert "\n" not in str(caught.value)
        assert os.listdir(tmp_path) == [name]  # no other file was made
        return str(caught.value)

    return check


def saved(save, *args, **kwargs):
    memory = io.BytesIO()
    save(memory, *args, **kwargs)
    return memory.getvalue()


def as_npy(entries, protocol=4):
    """Return the bytes of numpy.save of a dictionary, in any protocol: protocol 2 is Python 2's."""
    header = saved(np.lib.format.write_array_header_1_0, {"descr": "|O", "fortran_order": False, "shape": ()})
    return header + pickle.dumps(np.array(entries, dtype=object), protocol=protocol)


def as_safetensors(entries, raw):
    header = json.dumps(entries).encode()
    return struct.pack("<Q", len(header)) + header + raw


# -- what is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("order", ["C", "F"])
def test_dictionaries_of_lists_and_of_dictionaries(tmp_path, protocol, order):
    W, b = np.asarray(ARRAYS["conv1/0"], order=order), ARRAYS["conv1/1"]
    (tmp_path / "a.npy").write_bytes(as_npy({"conv1": [W, b], b"fc6": {b"weights": W, "biases": b}}, protocol))
    arrays = read_weights(tmp_path / "a.npy")
    assert list(arrays) == ["conv1/0", "conv1/1", "fc6/weights", "fc6/biases"]
    for name in ("conv1/0", "fc6/weights"):
        np.testing.assert_array_equal(arrays[name], W)
        assert arrays[name].dtype == np.float32


@pytest.mark.parametrize("dtype", ["<f2", "<f8", ">f4"])
def test_other_floats_become_float32(tmp_path, dtype):
    value = np.array([[1.5, -2.0, 0.25]], dtype=dtype)
    np.savez(tmp_path / "a.npz", W=value)
    np.savez_compressed(tmp_path / "b.npz", W=value)
    np.save(tmp_path / "c.npy", {"W": [value]}, allow_pickle=True)
    write_weights(tmp_path / "d.safetensors", {"W": value})
    for path in tmp_path.iterdir():
        (array,) = read_weights(path).values()
        assert array.dtype == np.dtype("f4")
        np.testing.assert_array_equal(array, value)


def test_bfloat16(tmp_path):
    value = np.array([[1.0, -2.5], [3.140625, 1e30]], dtype="f4")
    raw = (value.view("u4") >> 16).astype("<u2").tobytes()
    entry = {"W": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]}}
    (tmp_path / "a.safetensors").write_bytes(as_safetensors(entry, raw))
    np.testing.assert_allclose(read_weights(tmp_path / "a.safetensors")["W"], value, rtol=2**-7)


def test_bfloat16_of_pytorch(tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    value = torch.tensor([1.0, -2.5, 3.14159, 1e30])
    for dtype in (torch.bfloat16, torch.float16, torch.float64):
        kept = value.to(dtype)
        save_file({"W": kept}, tmp_path / "a.safetensors")
        np.testing.assert_array_equal(read_weights(tmp_path / "a.safetensors")["W"], kept.float().numpy())


# -- what is refused ----------------------------------------------------------------------------------------------


class Calls:
    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_pickle_that_calls_the_system(refused, protocol, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    raw = as_npy({"conv1": [Calls(os.system, "touch broken-in"), 1]}, protocol)
    assert "system" in refused("a.npy", raw)
    raw = as_npy(Calls(os.system, "touch broken-in"), protocol)
    assert "system" in refused("a.npy", raw)


def test_a_pickle_in_an_npz(refused, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "object" in refused("a.npz", saved(np.savez, W=np.array([Calls(os.system, "touch broken-in")])))


@pytest.mark.parametrize("program", [
    b"\x80\x02}r\xff\xff\xff\x3f.",               # memo index 1,073,741,823: a table of 16 GB
    b"(dp1073741823\n.",                           # the same in protocol 0
    b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b"a.",  # an array of 2**40 bytes, of which one is present
    b"\x80\x02" + b"N" * (2**18 + 1) + b".",      # a quarter of a million instructions
])  # fmt: skip
def test_a_pickle_that_would_allocate_all_memory(refused, program):
    header = as_npy({})
    refused("a.npy", header[: header.index(b"\n") + 1] + program)


def test_lists_of_lists_of_lists_and_one_that_contains_itself(refused):
    many = [ARRAYS["conv1/0"]]
    for _ in range(40):
        many = [many, many]  # 2**40 arrays in all
    assert "list" in refused("a.npy", as_npy({"conv1": many}))
    many = []
    many.append(many)
    assert "list" in refused("a.npy", as_npy({"conv1": many}))


def test_one_array_under_many_names(refused, monkeypatch):
    monkeypatch.setattr(weights, "LARGEST", 10**6)
    array = np.zeros(10**5, "f2")
    assert "more than" in refused("a.npy", as_npy({"conv1": [array] * 500}))
    assert "more than 1000 arrays" in refused("a.npy", as_npy({"conv1": [array[:1]] * 1001}))


@pytest.mark.parametrize("entries", [
    {"conv1": 5}, {"conv1": ["text"]}, {"conv1": [np.arange(3)]}, {"conv1": [None]}, [1], 5,
    {"conv1": np.zeros(3, "f4")}, {"conv1": [np.array([1, None], dtype=object)]},
])  # fmt: skip
def test_dictionaries_of_other_things(refused, entries):
    assert "a.npy: expected a file of weights" in refused("a.npy", as_npy(entries))


def test_an_npy_of_one_array(refused):
    assert "one array of float32" in refused("a.npy", saved(np.save, ARRAYS["conv1/0"]))


def test_an_npz_whose_header_declares_a_wrong_shape(refused):
    raw = saved(np.save, ARRAYS["conv1/0"])
    for shape in ("(1, 2, 99999999999)", "(1, 2, 4)", "(1, 2, -3)", "(-1, -2, 3)"):
        false = raw.replace(b"(1, 2, 3), }" + b" " * (len(shape) - 9), f"{shape}, }}".encode())
        assert len(false) == len(raw)
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as archive:
            archive.writestr("W.npy", false)
        assert "W.npy declares" in refused("a.npz", memory.getvalue())


def test_an_npz_that_unpacks_to_more_than_it_should(refused, monkeypatch):
    raw = saved(np.savez_compressed, W=np.zeros(10**6, "f4"))
    assert len(raw) < 10**5
    monkeypatch.setattr(weight_formats, "LARGEST", 10**6)
    assert "unpacks to more than 1,000,000 bytes" in refused("a.npz", raw)
    false = raw.replace(struct.pack("<L", 4 * 10**6 + 128), struct.pack("<L", 1000))  # in the archive's directory
    assert false != raw
    refused("a.npz", false)


@pytest.mark.parametrize(("entry", "raw"), [
    ({"W": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 8]}}, bytes(8)),
    ({"W": {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]}}, bytes(8)),
    ({"W": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}, bytes(12)),
    ({"W": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}, bytes(8)),
    ({"W": {"dtype": "F99", "shape": [1], "data_offsets": [0, 8]}}, bytes(8)),
    ({"W": 5}, b""),
])  # fmt: skip
def test_a_safetensors_file_whose_header_is_wrong(refused, entry, raw):
    refused("a.safetensors", as_safetensors(entry, raw))


@pytest.mark.parametrize("name", ["a.npz", "a.npy", "a.safetensors"])
@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.95])
def test_a_part_of_a_file(refused, name, part, tmp_path):
    if name == "a.npy":
        np.save(tmp_path / name, {"conv1": [ARRAYS["conv1/0"]]}, allow_pickle=True)
    else:
        write_weights(tmp_path / name, ARRAYS)
    raw = (tmp_path / name).read_bytes()
    refused(name, raw[: int(part * len(raw))])


def test_a_changed_byte_in_an_npz(refused):
    raw = saved(np.savez, W=np.arange(100, dtype="f4"))
    middle = raw.index(np.float32(50).tobytes())
    assert "CRC" in refused("a.npz", raw[:middle] + b"\xff" + raw[middle + 1 :])


def test_other_kinds_of_files_and_absent_ones(refused, tmp_path):
    for name in ("a.pth", "a", "a.caffemodel"):
        assert "expected a file .safetensors, .npz, .npy, got" in refused(name, b"PK")
        (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match=r"none\.npz: expected a file of weights"):
        read_weights(tmp_path / "none.npz")
    with pytest.raises(ValueError, match=r"a\.pth: expected a name in \.npz or \.safetensors"):
        write_weights(tmp_path / "a.pth", ARRAYS)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_weights(tmp_path / "nowhere" / "a.npz", ARRAYS)
    assert not list(tmp_path.iterdir())


def test_a_file_of_a_run_is_refused_with_a_hint_to_its_folder(refused):
    assert "give the run's folder" in refused("best.npz", saved(np.savez, **{"net/conv1.W": ARRAYS["conv1/0"]}))


# -- what is noticed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [200, pytest.param(5000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_no_damage_of_our_weights_is_read_silently(tmp_path, suffix, count):
    path, rng = tmp_path / f"w{suffix}", np.random.default_rng(0)
    state = {"conv1.W": rng.standard_normal((4, 3, 5, 5)), "conv1.b": rng.standard_normal(4), "empty": np.zeros((0, 2))}
    write_weights(path, {name: value.astype("float32") for name, value in state.items()})

    def read():
        read = read_weights(path)  # in any order
        return {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in read.items()}

    assert not silently_other(path, path.read_bytes(), read, count)


@pytest.mark.parametrize("start", [4, 8, 10, 12])
def test_an_archive_whose_last_record_was_wiped_is_refused(tmp_path, start):
    path = tmp_path / "w.npz"
    write_weights(path, {"W": np.ones(3, "float32")})
    raw = path.read_bytes()
    path.write_bytes(raw[: start - 22] + bytes(22 - start))
    with pytest.raises(ValueError, match=r"w\.npz: expected a file of weights, got a different or damaged one"):
        read_weights(path)


def test_a_digest_that_is_not_that_of_the_arrays_is_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    write_weights(path, {"W": np.ones(3, "float32")})
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=r"w\.safetensors: .*one whose digest is not that of its arrays"):
        read_weights(path)


def test_the_safetensors_of_others_have_no_digest_and_are_read(tmp_path):
    raw = as_safetensors({"W": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"\0\0\x80?")
    (tmp_path / "w.safetensors").write_bytes(raw)
    np.testing.assert_array_equal(read_weights(tmp_path / "w.safetensors")["W"], [1.0])

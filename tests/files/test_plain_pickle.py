"""Untrusted pickles."""

import os
import pickle
import subprocess

import numpy as np
import pytest

from minialex.files import plain_pickle
from minialex.files.plain_pickle import read_pickle


class Calls:
    """An object that is pickled as a call of a function."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


ARRAY = np.arange(6, dtype=np.uint8).reshape(2, 3)
PYTHON_2 = (  # pickle.dumps({"labels": [3], "data": numpy.zeros((1, 2), "u1") + 7}, 2) in Python 2: strings are bytes
    b"\x80\x02}q\x01(U\x06labelsq\x02]q\x03K\x03aU\x04dataq\x04cnumpy.core.multiarray\n_reconstruct\nq\x05cnumpy\n"
    b"ndarray\nq\x06K\x00\x85U\x01b\x87Rq\x07(K\x01K\x01K\x02\x86cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87Rq\x09"
    b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x02\x07\x07tbu."
)


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("dtype", ["u1", "<i8", ">i4", "f4", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_plain_things_are_read(protocol, dtype, order):
    array = np.asarray(ARRAY, dtype=dtype, order=order)
    written = {b"data": array, b"labels": [1, 2], "text": "eins", b"more": ({"a": None}, 1.5, True)}
    got = read_pickle(pickle.dumps(written, protocol=protocol), "batch")
    np.testing.assert_array_equal(got.pop(b"data"), written.pop(b"data"))
    assert got == written


def test_python_2():
    got = read_pickle(PYTHON_2, "batch")
    assert got[b"labels"] == [3]
    np.testing.assert_array_equal(got[b"data"], [[7, 7]])
    assert got[b"data"].dtype == np.uint8


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
@pytest.mark.parametrize(
    ("function", "args", "named"),
    [
        (os.system, ("touch broken-in",), r"(posix|nt)\.system"),
        (subprocess.Popen, (["touch", "broken-in"],), r"(subprocess|commands)\.Popen"),
        (eval, ("open('broken-in', 'w')",), r"(builtins|__builtin__)\.eval"),
        (np.load, ("broken-in",), r"numpy\.load"),
        (getattr, (1, "real"), r"(builtins|__builtin__)\.getattr"),
    ],
)
def test_functions_are_named_and_not_called(protocol, function, args, named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    raw = pickle.dumps({b"data": Calls(function, *args)}, protocol=protocol)
    with pytest.raises(ValueError, match=f"batch: expected a pickled dictionary .* one that names {named}"):
        read_pickle(raw, "batch")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "array", [np.array([1, "a", None], dtype=object), np.zeros(2, dtype="V8"), np.zeros(2, dtype=[("a", "i4")])]
)
def test_arrays_of_other_than_numbers(array):
    with pytest.raises(ValueError, match="dtype"):
        read_pickle(pickle.dumps({b"data": array}, protocol=2), "batch")


def test_an_array_with_fewer_bytes_than_its_shape():
    raw = pickle.dumps({b"data": ARRAY}, protocol=3)
    with pytest.raises(ValueError, match="other bytes"):
        read_pickle(raw.replace(b"K\x02K\x03\x86", b"K\x02K\x7f\x86"), "batch")


@pytest.mark.parametrize("got", [[1], 5, ARRAY, None])
def test_no_dictionary(got):
    with pytest.raises(ValueError, match="expected a pickled dictionary"):
        read_pickle(pickle.dumps(got, protocol=2), "batch")


@pytest.mark.parametrize("cut", [0, 1, 10, 60, -1])
def test_broken(cut):
    with pytest.raises(ValueError, match="batch: expected a pickled dictionary"):
        read_pickle(pickle.dumps({b"data": ARRAY}, protocol=2)[:cut], "batch")


def test_a_pickle_cannot_change_the_replacements_of_numpy():
    setting = b"\x80\x02c_codecs\nencode\nN}X\x05\x00\x00\x00spoilK\x01s\x86b."  # encode.spoil = 1
    with pytest.raises(ValueError, match="batch"):
        read_pickle(setting, "batch")
    assert not hasattr(plain_pickle.encode, "spoil")


NESTED = b"2\x86" * 40  # DUP, TUPLE2: a pair of the object on the stack with itself, 2^40 elements in the end
NESTED_IN_MEMO = b"".join(b"h%ch%c\x86q%c" % (n, n, n + 1) for n in range(40))


@pytest.mark.parametrize("raw", [
    b"\x80\x02})" + NESTED + b"K\x01s.",                      # d[key] = 1
    b"\x80\x02}()" + NESTED + b"K\x01u.",                     # d.update of a mark
    b"\x80\x02()" + NESTED + b"K\x01d.",                      # dict of a mark
    b"\x80\x02})q\x00" + NESTED_IN_MEMO + b"K\x01s.",         # by way of the memo
    b"\x80\x04})" + NESTED + b"\x940h\x00K\x01s.",            # stored by MEMOIZE
    b"\x80\x02})" + NESTED + b"NbK\x01s.",                    # disguised by BUILD with no state
    b"\x80\x02})" + NESTED + b"(eK\x01s.",                    # ... and by appending nothing
    b"\x80\x04}\x8f()" + NESTED + b"\x90\x91.",               # an element of a set
    b"\x80\x04}()" + NESTED + b"\x91K\x01s.",                 # of a frozenset, which is a key
], ids=["SETITEM", "SETITEMS", "DICT", "GET", "MEMOIZE", "BUILD", "APPENDS", "ADDITEMS", "FROZENSET"])  # fmt: skip
def test_a_key_whose_hash_would_take_hours_is_refused_before_it_is_made(raw):
    with pytest.raises(ValueError, match=r"batch: expected .*, got one with a (tuple as a key|list as a key|set);"):
        read_pickle(raw, "batch")


def test_a_shape_that_would_take_hours_to_print_is_not_printed():
    raw = pickle.dumps({b"data": ARRAY}, protocol=3)
    for nested in (b")" + NESTED, b"(" + b"K\x01" * 40 + b"t", b"\x8a\x08" + b"\xff" * 7 + b"\x7fK\x01\x86"):
        with pytest.raises(ValueError, match="got an array of no valid shape"):
            read_pickle(raw.replace(b"K\x02K\x03\x86", nested), "batch")


def test_a_dtype_of_tuples_and_integers_of_many_digits_are_refused():
    raw = pickle.dumps({b"data": ARRAY}, protocol=3)
    with pytest.raises(ValueError, match="another dtype than numbers"):
        read_pickle(raw.replace(b"X\x02\x00\x00\x00u1", b")" + NESTED), "batch")
    with pytest.raises(ValueError, match="an integer of more than 1,024 bits"):
        read_pickle(pickle.dumps({b"labels": [10**10_000]}), "batch")


@pytest.mark.parametrize("key", [b"data", "data", 1, 2.5, True, None, 2**63])
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_keys_may_be_text_bytes_and_numbers(key, protocol):
    value = {"inner": {key: [1]}, "again": ({key: 2},)}
    assert read_pickle(pickle.dumps({key: value, "last": value}, protocol), "batch") == {key: value, "last": value}

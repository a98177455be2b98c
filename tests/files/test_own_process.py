"""Calls in a process of their own: what kills the child is an error of the parent."""

import os
import signal
import sys

import pytest

from minialex.files import own_process
from minialex.files.own_process import Crashed, call_apart

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


def reverse(raw):
    print("not an answer")
    return [raw[::-1].decode(), {"process": os.getpid()}]


def fail(raw):
    raise KeyError("two\nlines")


def leave(raw):
    os._exit(int(raw))


def crash(raw):
    os.kill(os.getpid(), signal.SIGSEGV)


def never_end(raw):
    while True:
        pass


def take_all_memory(raw):
    return len(bytearray(2**40))


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Let the child import this file, whatever name pytest gave it."""
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))
    for function in (reverse, fail, leave, crash, never_end, take_all_memory):
        monkeypatch.setattr(function, "__module__", "test_own_process")


def test_the_result_comes_from_another_process():
    text, about = call_apart(reverse, b"abc")
    assert text == "cba"
    assert about["process"] != os.getpid()


def test_an_error_of_the_child_is_a_value_error_in_one_line():
    with pytest.raises(ValueError, match=r"^KeyError: 'two.nlines'$"):
        call_apart(fail, b"")


@pytest.mark.parametrize("status", [0, 1, 130])
def test_a_child_that_leaves_without_an_answer(status):
    with pytest.raises(Crashed, match=f"Python ended with status {status} while"):
        call_apart(leave, b"%d" % status)


@posix
def test_a_child_that_crashes_is_named_by_its_signal():
    with pytest.raises(Crashed, match="Python ended by SIGSEGV"):
        call_apart(crash, b"")


@posix
def test_a_child_that_never_ends_is_ended(monkeypatch, tmp_path):
    limited = "import minialex.files.own_process as own; own.SECONDS = 1; own.main()"
    monkeypatch.setattr(own_process, "PROGRAM", limited)
    with pytest.raises(Crashed, match=r"Python ended by SIG(XCPU|KILL)"):
        call_apart(never_end, b"")


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit address space")
def test_a_child_that_takes_all_memory_gets_an_error():
    with pytest.raises(ValueError, match="MemoryError"):
        call_apart(take_all_memory, b"")

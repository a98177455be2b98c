"""Locks of folders: one process at a time, and a dead one's is taken over."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from minialex.files.lock import LOCK, held, locked

HOLD = """
import sys, time
from pathlib import Path
from minialex.files.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""
kills = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


@pytest.fixture
def other(tmp_path):
    """Another process, which holds the lock of the folder."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


@kills
def test_the_second_process_is_refused_while_the_first_lives_and_no_longer(other, tmp_path):
    with pytest.raises(RuntimeError, match=rf"alone, got one that process {other.pid} on .* works in; wait for it"):
        locked(tmp_path).__enter__()
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        assert (tmp_path / LOCK).read_text().startswith(f"process {os.getpid()} on ")
    assert not list(tmp_path.iterdir())


@kills
def test_one_who_waits_gets_the_lock_when_it_is_free(other, tmp_path, capsys):
    threading.Timer(0.3, other.kill).start()
    with locked(tmp_path, waiting="waiting for another"):
        assert other.wait(5) != 0
    assert capsys.readouterr().err == "waiting for another\n"


def test_the_same_process_is_refused_too(tmp_path):
    with locked(tmp_path), pytest.raises(RuntimeError, match=f"process {os.getpid()}"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_a_lock_that_is_removed_by_its_holder_is_not_taken_for_held(tmp_path):
    """One waits for the file of another, who removes it: the lock of a file without a name keeps nobody out."""
    path = tmp_path / LOCK
    first = held(path, None)
    threads = [threading.Thread(target=lambda: got.append(held(path, "")))]
    got = []
    threads[0].start()
    while not threads[0].is_alive():
        pass
    path.unlink()
    first.close()
    threads[0].join()
    assert os.path.samestat(os.fstat(got[0].fileno()), os.stat(path))
    got[0].close()

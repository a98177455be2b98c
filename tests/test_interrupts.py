"""Ctrl-C and other signals: the first waits for the running step, the second does not; none prints a traceback."""

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from slow import all_but

from minialex.interrupts import SIGNALS, Stop, Stopped, raising_stopped

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def send(number):
    signal.raise_signal(number)  # to this thread: another may be slow to take it
    time.sleep(0.001)  # Python runs the handler between two instructions


@posix
@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_is_noted_and_the_second_raised(number, capfd):
    before = signal.getsignal(number)
    with Stop("the running step") as stop:
        assert stop.number is None
        send(number)
        assert stop.number == number
        assert "stopping after the running step; Ctrl-C again stops at once" in capfd.readouterr().err
        with pytest.raises(Stopped) as stopped:
            send(signal.SIGINT)
        assert isinstance(stopped.value, KeyboardInterrupt)
        assert stopped.value.number == signal.SIGINT
    assert signal.getsignal(number) == before


@posix
def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with Stop() as stop:
            send(signal.SIGHUP)
            assert stop.number is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_nothing_is_changed():
    seen = []

    def work():
        with Stop() as stop, raising_stopped():
            seen.append(stop.number)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [None]


@posix
def test_while_a_command_runs_sigterm_leaves_by_way_of_finally():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped, match="terminated") as stopped, raising_stopped():
        send(signal.SIGTERM)
    assert stopped.value.number == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before


# Programs

TELL = """
import sys
class Tell:
    def find_spec(self, name, path=None, target=None):
        if name == "minialex.kits":  # the second import of the package
            print("begun", file=sys.__stdout__, flush=True)
sys.meta_path.insert(0, Tell())
"""


def interrupted(arguments, seconds, folder):
    """Run the program, send SIGINT so many seconds after the first import; return its status and standard error."""
    (folder / "sitecustomize.py").write_text(TELL)
    paths = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, "-m", "minialex", *arguments], env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "begun\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
    if process.returncode == -signal.SIGINT:  # Python, which is about to end, has given its handlers back
        assert "parameters" in out, "ended by the signal before it was done"
        return 0, err
    return process.returncode, err


@posix
@pytest.mark.parametrize("seconds", all_but([0.05], [0, 0.05, 0.3]))
def test_ctrl_c_while_the_program_is_imported_is_one_line(seconds, tmp_path):
    status, err = interrupted(["summary", "alexnet"], seconds, tmp_path)
    assert status in (0, 130)
    assert "Traceback" not in err
    assert status == 0 or "stopped" in err


@posix
@pytest.mark.slow
def test_ctrl_c_at_any_moment_is_one_line(tmp_path):
    draw, statuses = random.Random(0), []
    for _ in range(40):
        status, err = interrupted(["summary", "alexnet"], draw.uniform(0, 3), tmp_path)
        assert "Traceback" not in err, err
        statuses.append(status)
    assert set(statuses) <= {0, 130}
    assert 130 in statuses

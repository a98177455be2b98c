"""A Python that can start no thread and no process, as one in a browser: Pyodide 314, whose answers these are."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

ABSENT = [(os, "link"), (os, "posix_spawn"), (os, "sched_getaffinity"), (signal, "alarm"), (time, "thread_time")]
MODULES = ("_multiprocessing", "curses", "readline", "resource")


def forbid(patch: pytest.MonkeyPatch) -> None:
    """Refuse threads and processes, and take away what Python in a browser lacks."""
    no_process = refusing(OSError, errno.ENOTSUP, "emscripten does not support processes.")
    patch.setattr(threading.Thread, "start", refusing(RuntimeError, "can't start new thread"))
    patch.setattr(os, "fork", refusing(OSError, errno.ENOSYS, "Function not implemented"), raising=False)
    patch.setattr(subprocess, "Popen", no_process)
    patch.setattr(os, "cpu_count", lambda: 4)  # 1 there; here what fails must decide, not the number of cores
    for owner, name in ABSENT:
        patch.delattr(owner, name, raising=False)
    for name in MODULES:
        patch.setitem(sys.modules, name, None)


def refusing(error: type, *arguments):
    """Return a function that takes anything and raises an error."""

    def refuse(*_, **__):
        raise error(*arguments)

    return refuse

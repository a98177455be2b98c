"""Ctrl-C, SIGTERM and SIGHUP: at once while the command line is imported, after the running step while a net trains.

`minialex/__init__.py` imports this file first. In a process of the command line, not in a session or a script, Ctrl-C
then ends Python quietly until `main` begins: KeyboardInterrupt, raised in an import, would print a traceback.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Self

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
SIGNALS = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))
PROGRAMS = ("minialex", "minialex.exe", "minialex-script.py")


class Stopped(KeyboardInterrupt):
    """The end that a signal asked for; the exit status is 128 + its number."""

    def __init__(self, text: str = "", number: int = signal.SIGINT):
        super().__init__(text)
        self.number = number


class Stop:
    """Signals that wait: the first is noted, to be looked at when there is time, the second raises Stopped.

        with Stop() as stop:
            while not stop.number: ...

    Python gives signals to the main thread only; in another thread nothing is noted. Ignored signals stay ignored.
    """

    def __init__(self, waits_for: str = "the running step", *, quiet: bool = False):
        self.number: int | None = None  # of the first signal
        self.waits_for, self.quiet = waits_for, quiet
        self.before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if signal.getsignal(number) not in (signal.SIG_IGN, None):
                    self.before[number] = signal.signal(number, self.note)
        return self

    def __exit__(self, *error) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def note(self, number: int, frame: FrameType | None) -> None:
        """Note the first signal; raise Stopped at the second."""
        if self.number is not None:
            raise Stopped("stopped at once; the last checkpoint is kept", number)
        self.number = number
        if not self.quiet:
            say(f"stopping after {self.waits_for}; Ctrl-C again stops at once")


def say(text: str) -> None:
    """Write a line to standard error from a signal's handler, which may have interrupted a print."""
    try:
        os.write(2, f"\n{text}\n".encode())
    except OSError:  # closed
        return


def terminate(number: int, frame: FrameType | None) -> None:
    """Raise Stopped, so that what is being written is removed on the way out."""
    raise Stopped("terminated; finished epochs and files are kept", number)


def leave(number: int, frame: FrameType | None) -> None:
    """End Python at once."""
    say("minialex: stopped")
    os._exit(128 + number)


@contextmanager
def raising_stopped() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt and other signals Stopped, while a command runs, where Python's own would."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        if signal.getsignal(signal.SIGINT) is leave:
            before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in SIGNALS[1:]:
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, terminate)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_command_line() -> bool:
    """Tell whether this process runs the program `minialex`, or `python -m minialex`."""
    if Path(sys.argv[0]).name in PROGRAMS:
        return True
    return sys.argv[0] == "-m" and "minialex" in sys.orig_argv


if is_command_line() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, leave)

"""The process of a submission, as its parent sees it: asked, waited for, ended; started anew after it has died."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from minialex.grading.answers import read_all, why
from minialex.grading.frames import BrokenFrame, Frame, write_frame
from minialex.grading.limits import Limits
from minialex.grading.plain import plain
from minialex.tutor.verdict import Mistake

START = Path(__file__).parent / "child" / "start.py"
KEPT = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


class Process:
    """A Python of its own for one submission: nothing that it does or writes reaches this one, but for its answers.

    Args:   also, modules of this library that it may import besides `Layer`; show, whether it may print.
    """

    def __init__(self, path: Path, limits: Limits, also: Sequence[str] = (), *, show: bool = False):
        self.path, self.limits, self.also, self.show = path, limits, also, show
        self._child: subprocess.Popen | None = None
        self._answers: queue.Queue = queue.Queue()
        self._unusable: Mistake | None = None
        self.begin()

    def begin(self) -> None:
        """Begin a check: its seconds count from now."""
        self._deadline = time.monotonic() + self.limits.seconds

    def ask(self, do: str, arrays: Mapping[str, np.ndarray] | None = None, **message) -> Frame:
        """Return the answer to a request.

        Errors: Mistake, with the place in the submission, for its errors, its end, or the end of the time.
        """
        if self._unusable is not None:
            raise self._unusable
        if self._child is None:
            self._start()
            try:
                self._asked({"do": "load"}, {})
            except Mistake as mistake:  # it would be the same for every check
                self._unusable = mistake
                raise
        return self._asked({"do": do, **message}, arrays or {})

    def _start(self) -> None:
        command = [sys.executable, "-P", str(START), str(self.path.absolute()), *map(str, self.limits), *self.also]
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | ONE_THREAD
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None if self.show else subprocess.DEVNULL,
            env=environment, start_new_session=True,
        )  # fmt: skip
        self._answers = queue.Queue()
        threading.Thread(target=read_all, args=(self._child.stdout, self._answers), daemon=True).start()

    def _asked(self, message: dict, arrays: Mapping[str, np.ndarray]) -> Frame:
        assert self._child is not None
        assert self._child.stdin is not None
        left = max(0.0, self._deadline - time.monotonic())
        alarm = threading.Timer(left, self._kill)
        alarm.start()
        try:
            write_frame(self._child.stdin, message, arrays)
            got = self._answers.get(True, left + 5)
        except (OSError, queue.Empty):
            got = EOFError()
        finally:
            alarm.cancel()
        if isinstance(got, Exception):
            raise self._dead(got)
        answer, found = got
        if "error" in answer:
            raise Mistake(plain(answer["error"]), plain(answer.get("place", "")))
        return answer, found

    def _dead(self, error: Exception) -> Mistake:
        """Return the mistake of a process that has ended, or that sent something else than an answer."""
        child, late = self._child, time.monotonic() >= self._deadline
        assert child is not None
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=0 if isinstance(error, BrokenFrame) or late else 5)
        status = child.returncode
        self.end()
        return Mistake(why(error, status, self.limits, late=late))

    def end(self) -> None:
        """End the process, and those that it may have started."""
        self._kill()
        child, self._child = self._child, None
        if child is None:
            return
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                assert pipe is not None
                pipe.close()

    def _kill(self) -> None:
        child = self._child
        if child is None:
            return
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL) if hasattr(os, "killpg") else child.kill()

"""Locks: one process at a time works in a folder. The system releases a lock when its process ends or is killed."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from minialex.checks import expected

LOCK = ".lock"
BEYOND = 2**30  # the byte that Windows locks, which nobody can read then: one beyond the end


@contextmanager
def locked(folder: Path, waiting: str | None = None) -> Iterator[None]:
    """Hold the lock of a folder that exists.

    Args:   waiting, what to say on stderr while another process holds it; None to be refused then.
    Errors: RuntimeError, naming the process that holds it.
    """
    path = folder / LOCK
    file = held(path, waiting)
    try:
        with suppress(OSError):  # a full disk
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
            file.flush()
        yield
    finally:
        with suppress(OSError):  # gone with its folder; or Windows, which removes no open file
            path.unlink()
        file.close()


def held(path: Path, waiting: str | None, mode: str = "a+b") -> IO[bytes]:
    """Return an open file, locked, or raise an error if another process has it and `waiting` is None."""
    while True:
        file: IO[bytes] = path.open(mode)
        try:
            if not lock(file):
                if waiting is None:
                    raise refused(path, file)
                if waiting:
                    print(waiting, file=sys.stderr)
                while not lock(file):
                    time.sleep(0.1)
            if is_at(path, file):
                return file
        except BaseException:
            file.close()
            raise
        file.close()  # it was removed by the process that had it: the next one is another file


def refused(path: Path, file: IO[bytes]) -> RuntimeError:
    """Return the error for a folder that another process works in."""
    holder = ""
    with suppress(OSError):  # Windows does not let it be read
        file.seek(0)
        holder = file.read(200).decode(errors="replace")
    got = f"one that {holder or 'another process'} works in"
    advice = "wait for it, or choose another folder"
    return expected(path.parent, "a folder for this process alone", got, advice, RuntimeError)


def is_at(path: Path, file: IO[bytes]) -> bool:
    """Tell whether an open file still has this name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except OSError:
        return False


def lock(file: IO[bytes]) -> bool:
    """Lock an open file and return True, or False if another has it; on a file system without locks return True."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(BEYOND)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks: two processes may do the same work twice
        return True
    return True

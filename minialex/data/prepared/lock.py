"""A file lock on a folder: two processes must not prepare the same folder at once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; wait for another process. The system releases it when a process ends or is killed."""
    try:
        import fcntl
    except ImportError:  # Windows: two processes may do the same work twice, but each file is still written whole
        yield
        return
    with (folder / ".lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{folder}: another process prepares it; waiting", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # a file system without locks: as on Windows
            pass
        yield

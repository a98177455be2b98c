"""One at a time: two trainings that start together must not prepare the same folder together."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits until no other process is here with this folder; the system lets go when a process ends or is killed."""
    try:
        import fcntl
    except ImportError:  # Windows: two may do the same work twice, but each file is still written whole
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

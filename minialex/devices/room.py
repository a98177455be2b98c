"""Room: main memory that this process may still take, to be compared with what is asked for before it is taken.

Linux grants more memory than there is, and ends the process that uses it: no MemoryError would come.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from minialex.checks import expected

SMALL = 2**28  # bytes that are not worth a look
CGROUP = Path("/sys/fs/cgroup")  # of a container: its limit


def bytes_left() -> int | None:
    """Return the bytes that this process may still take; None where the system does not say."""
    return min(limits(), default=None)


def limits() -> Iterator[int]:
    """Yield what each limit leaves: the machine's, that of the container, that of `ulimit -v`."""
    with suppress(OSError, ValueError, LookupError):  # no Linux
        yield 1024 * int(Path("/proc/meminfo").read_text().partition("MemAvailable:")[2].split()[0])
    with suppress(OSError, ValueError):  # no container, or one without a limit ("max")
        yield int((CGROUP / "memory.max").read_text()) - int((CGROUP / "memory.current").read_text())
    with suppress(ImportError, OSError, ValueError):  # Windows
        import resource

        if (most := resource.getrlimit(resource.RLIMIT_AS)[0]) != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            yield max(0, most - pages * resource.getpagesize())


def check_room(name, what: str, needed: int, advice: str) -> None:
    """Check that so many bytes are left.

    Errors: ValueError, which says how many are.
    """
    left = bytes_left() if needed > SMALL else None
    if left is not None and needed > left:
        got = f"{gigabytes(needed)} at least"
        raise expected(name, f"{what} to fit into the {gigabytes(left)} of memory that are left", got, advice)


def gigabytes(count: int) -> str:
    """Return a number of bytes as text."""
    return f"{count / 1e9:,.1f} GB"

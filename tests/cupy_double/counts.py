"""What GPUs have done: kernels with the bytes that they move, transfers, and how often the host waited."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from cupy_double import order


class Kernel(NamedTuple):
    """One kernel: its name, its stream, and the bytes that it reads and writes."""

    name: str
    stream: str
    bytes: float


@dataclass
class Work:
    """All that happened while it was counting."""

    kernels: list[Kernel] = field(default_factory=list)
    to_gpu: list[int] = field(default_factory=list)  # bytes of each transfer from main memory
    to_host: list[int] = field(default_factory=list)
    waits: int = 0  # of the host, for a stream
    waits_for_kernels: int = 0  # those with kernels begun since the wait before: the GPU has nothing to do after them

    @property
    def launches(self) -> int:
        return len(self.kernels)

    @property
    def bytes(self) -> float:
        return sum(kernel.bytes for kernel in self.kernels)

    def of(self, name: str) -> int:
        """Return the launches of one kernel."""
        return sum(kernel.name == name for kernel in self.kernels)


counting_now: list[Work] = []
_since_wait: list[str] = []  # names of kernels that the host has not waited for


@contextmanager
def counting() -> Iterator[Work]:
    """Count what happens inside."""
    work = Work()
    counting_now.append(work)
    try:
        yield work
    finally:
        counting_now.remove(work)


def launched(kernel: Kernel, times: int) -> None:
    _since_wait.append(kernel.name)
    for work in counting_now:
        work.kernels += [kernel._replace(bytes=kernel.bytes / times)] * times


def transferred(nbytes: int, direction: str) -> None:
    for work in counting_now:
        getattr(work, direction).append(nbytes)


def wait_for(line: order.Timeline) -> None:
    """Let the host wait for all that a stream has begun; a captured stream is recorded, not run, and refuses."""
    refuse_while_capturing(line, "synchronous calls")
    order.wait(line.known())
    for work in counting_now:
        work.waits += 1
        work.waits_for_kernels += bool(_since_wait)
    _since_wait.clear()


def refuse_while_capturing(line: order.Timeline, what: str) -> None:
    """Refuse what cupy/cuda/memory.pyx refuses (copy_from_host_async, copy_to_host_async)."""
    if line.capturing:
        raise RuntimeError(f"the current stream is capturing, so {what} are disallowed")

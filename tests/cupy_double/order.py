"""The order of what GPUs do: which operations end before another begins, and the races where that is not settled.

Each stream counts its operations, and keeps the numbers of the operations on all streams that end before its next one
begins (vector clocks: C. Fidge, 1988; F. Mattern, 1988). Of two operations that do not know each other, neither waits
for the other. If one of them writes memory that the other uses, that is a race, whatever the numbers that come out.
"""

from threading import RLock

Clocks = dict[str, int]  # by stream: the number of the last operation that has ended

lock = RLock()  # also held while the collector releases memory
host: Clocks = {}  # what the host has waited for: whatever it starts from now on begins after it
timelines: list["Timeline"] = []  # of all streams that exist
races: list[str] = []


def latest(*clocks: Clocks) -> Clocks:
    """Return for each stream the largest number."""
    return {name: max(known.get(name, 0) for known in clocks) for name in set().union(*clocks)}


class Timeline:
    """The operations of one stream of one GPU, in order.

    A GPU's null stream and its other streams wait for each other, unless these were made with non_blocking=True: the
    legacy default stream of the CUDA Runtime API, "Stream synchronization behavior". CuPy's null stream is that one,
    `get_default_stream` in cupy/cuda/stream.pyx.
    """

    def __init__(self, gpu: int, name: str, *, is_null: bool = False, is_blocking: bool = True):
        self.gpu, self.name, self.is_null, self.is_blocking = gpu, f"GPU {gpu}, {name}", is_null, is_blocking
        self.exists, self.capturing, self.knows = True, False, {}
        timelines.append(self)

    def destroy(self) -> None:
        """Forget a stream that no one can use any more; what it has begun goes on to its end."""
        with lock:
            self.exists = False
            timelines.remove(self)

    def known(self) -> Clocks:
        """Return what the next operation can rely on."""
        with lock:
            return latest(self.knows, host, *(other.knows for other in tuple(timelines) if self.waits_for(other)))

    def waits_for(self, other: "Timeline") -> bool:
        is_same_gpu, are_blocking = self.gpu == other.gpu, self.is_blocking and other.is_blocking
        return is_same_gpu and are_blocking and self.is_null != other.is_null

    def next(self) -> "Timeline":
        """Begin the next operation, after all that it knows."""
        with lock:
            self.knows = self.known()
            self.knows[self.name] = self.knows.get(self.name, 0) + 1
        return self

    def wait_for(self, clocks: Clocks) -> None:
        """Let all later operations begin after these."""
        with lock:
            self.knows = latest(self.knows, clocks)


def wait(clocks: Clocks) -> None:
    """Let the host wait for these operations."""
    with lock:
        host.update(latest(host, clocks))


class Memory:
    """One allocation: the stream whose pool it goes back to, its last write, and the reads since.

    The pool hands memory out again to the same stream at once, without waiting for anything: `_malloc` and `free` in
    cupy/cuda/memory.pyx, an arena for each stream.
    """

    def __init__(self, owner: Timeline):
        self.gpu, self.owner = owner.gpu, owner
        self.written: tuple[str, int, str] | None = None  # stream, number, what it was
        self.read: dict[str, tuple[int, str]] = {}

    def uses(self, writes_too: bool) -> list[tuple[str, int, str]]:
        reads = [(name, *use) for name, use in self.read.items()] if writes_too else []
        return reads + ([self.written] if self.written else [])

    def touch(self, line: Timeline, what: str, *, is_write: bool) -> None:
        """Note that the operation that `line` has just begun reads or writes this memory."""
        for name, number, earlier in self.uses(writes_too=is_write):
            if line.knows.get(name, 0) < number:
                races.append(f"{what} ({line.name}) does not wait for {earlier} ({name})")
        if is_write:
            self.written, self.read = (line.name, line.knows[line.name], what), {}
        else:
            self.read[line.name] = line.knows[line.name], what

    def __del__(self) -> None:
        with lock:
            known = self.owner.known()
            for name, number, what in self.uses(writes_too=True) if self.owner.exists else ():
                if name != self.owner.name and known.get(name, 0) < number:
                    races.append(f"memory of {self.owner.name} is released while {what} ({name}) may still use it")

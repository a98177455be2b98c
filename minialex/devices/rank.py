"""Ranks: devices that are processes of this machine or of others, and the names that `--devices` has for them."""

import os
from functools import cache
from typing import Any

from minialex.checks import expected
from minialex.devices.device import Device
from minialex.devices.host import Host, available_cores
from minialex.devices.link import Elsewhere, Link
from minialex.devices.mpi import START, is_launched, world


class Rank(Host):
    """Rank number `number` of a link, which computes in the main memory of its own process.

    A group of kernels on a rank is in that process alone. Any other layer on it is in every process: all compute the
    same from the same array, so its result need not be sent.

    Args:   number, 0 to the link's size - 1; link, the ranks; workers, threads of this process (None: its share).
    """

    def __init__(self, number: int, link: Link, *, workers: int | None = None):
        super().__init__(workers=share_of_cores() if workers is None else workers)
        self.number, self.link = number, link

    def for_group(self) -> Device:
        return self if self.number == self.link.rank else Away(self.number)

    def holds(self, x) -> bool:
        return isinstance(x, Elsewhere) or super().holds(x)

    def __repr__(self) -> str:
        return f"Rank({self.number})"


class Away(Device):
    """The device of a group that is on another rank: its arrays are known by shape and dtype only."""

    here = False

    def __init__(self, number: int):
        self.number = number

    def put(self, x) -> Elsewhere:
        return Elsewhere(x.shape, x.dtype)

    def holds(self, x) -> bool:
        return isinstance(x, Elsewhere)

    def __repr__(self) -> str:
        return f"Rank({self.number})"


def ranks(workers: int | None = None, comm: Any = None) -> tuple[Rank, ...]:
    """Return a device for each rank of this run.

    Args:   workers, threads of each process (None: its share of the machine's cores); comm, a communicator of mpi4py
            (None: of all ranks).
    """
    link = Link(comm)
    return tuple(Rank(number, link, workers=workers) for number in range(link.size))


def rank_devices(text: str, workers: int | None = None) -> tuple[Device, ...]:
    """Return the devices of "ranks", this process's own, or of "rank:0,rank:1", a group each."""
    names = [name.strip() for name in text.split(",")]
    if text != "ranks" and names != [f"rank:{number}" for number in range(len(names))]:
        what = "ranks (each batch is split), or a group each: rank:0,rank:1"
        raise expected("--devices", what, repr(text), "choose one")
    if not is_launched():
        raise expected(f"--devices {text}", "several processes", "one", START)
    size = world().size
    if text == "ranks":
        return (Host(workers=share_of_cores() if workers is None else workers),)
    if size != len(names):
        raise expected(f"--devices {text}", f"{len(names)} processes", size, f"mpiexec -n {len(names)}")
    return ranks(workers)


@cache
def share_of_cores() -> int:
    """Return this process's share of its machine's cores, and hold BLAS to it.

    It is the cores that the process may use, divided by the number of ranks that may use some of them: launchers
    differ in whether they bind ranks to cores of their own.
    """
    from mpi4py.MPI import COMM_TYPE_SHARED
    from threadpoolctl import threadpool_limits

    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(available_cores()))
    neighbours = world().Split_type(COMM_TYPE_SHARED).allgather(cores)
    count = max(1, len(cores) // sum(bool(cores & theirs) for theirs in neighbours))
    threadpool_limits(limits=count, user_api="blas")
    return count

"""MPI: processes that `mpiexec` has started together, the ranks. Nothing imports mpi4py before they are there.

All ranks run the same program. Rank 0 alone prints and writes files; where one rank fails, all must end, since the
others would wait for its messages for ever.
"""

import os
import sys
import time
from functools import cache
from typing import NamedTuple, NoReturn

from minialex.checks import expected

VARIABLES = (  # that a launcher sets before MPI is started: MPICH and Intel MPI, Open MPI, srun
    ("PMI_RANK", "PMI_SIZE"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
)
WAIT = 1.0  # seconds: what fails on all ranks, rank 0 reports, and ends the others before they do
START = "start it by mpiexec -n 4 minialex ..., or choose --devices cpu"


class Place(NamedTuple):
    """The number of this process, and how many were started together; 0 of 1 where it is alone."""

    rank: int
    size: int


@cache
def world():
    """Start MPI, and return the communicator of all ranks.

    Errors: RuntimeError where mpi4py or an MPI is missing, or where the launcher belongs to another MPI.
    """
    launched = place_of_launcher()
    try:
        from mpi4py import MPI
    except ImportError:
        advice = "pip install 'minialex[ranks]' (and an MPI: pip install mpich, or the cluster's)"
        raise expected("ranks", "mpi4py", "none", advice, RuntimeError) from None
    except RuntimeError as error:
        got = f"none ({' '.join(str(error).split())})"
        raise expected("ranks", "an MPI that mpi4py can load", got, "pip install mpich", RuntimeError) from None
    if launched.size > 1 and MPI.COMM_WORLD.size != launched.size:
        advice = "use the mpiexec of the MPI that mpi4py loads, as a rule the one beside this python"
        raise expected("mpiexec", f"an MPI of {launched.size} ranks", MPI.COMM_WORLD.size, advice, RuntimeError)
    return MPI.COMM_WORLD


def place() -> Place:
    """Return this process's rank and the number of ranks, from MPI where it is started, else from the launcher."""
    return Place(world().rank, world().size) if is_started() else place_of_launcher()


def place_of_launcher() -> Place:
    """Return what the launcher has written into the environment."""
    for rank, size in VARIABLES:
        if rank in os.environ and size in os.environ:
            return Place(int(os.environ[rank]), int(os.environ[size]))
    return Place(0, 1)


def is_launched() -> bool:
    """Tell whether mpiexec or srun has started this process, alone or with others."""
    return any(size in os.environ for _, size in VARIABLES)


def is_started() -> bool:
    """Tell whether this process has started MPI."""
    return world.cache_info().currsize > 0


def is_first() -> bool:
    """Tell whether this process prints and writes files: rank 0, or one that shares its work with no other.

    A launcher also starts processes that each have work of their own: until MPI is started, each writes its own files.
    """
    return not is_started() or world().rank == 0


def stop_all(status: int, line: str = "") -> NoReturn:
    """End this process with an exit status other than 0 and, through the launcher, all other ranks too.

    `line` says why; rank 0's goes first, so that what fails on every rank is reported once. The launcher needs a moment
    to pass it on, or it is lost with this process; what MPI_Abort itself prints to stderr is left out.
    """
    rank = place().rank
    sys.stdout.flush()
    time.sleep(rank and min(WAIT + rank / 4, 4 * WAIT))
    if line and (is_started() or rank == 0):  # before MPI is started all ranks do the same
        print(f"{line} (rank {rank})" if rank else line, file=sys.__stderr__, flush=True)
    if is_started():
        time.sleep(WAIT / 5)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        world().Abort(status)
    os._exit(status)

"""Nets over ranks: processes of one machine or of several, started by `mpiexec` and connected by MPI.

All ranks run the same program. One array is the same array on every rank; a tuple holds one array a rank, its own real,
the others' as shapes. The communications of `minialex/parallel/` work between ranks as between devices, so Figure 2 on
two ranks is `alexnet(ranks(), rng=rng)`. Read `shared.py`, then `hybrid.py`.

    mpiexec -n 4 minialex train --devices ranks                    each batch is split
    mpiexec -n 4 minialex train --devices ranks --split hybrid     and the units of the dense layers
    mpiexec -n 2 minialex train --devices rank:0,rank:1            the groups of Figure 2
"""

from minialex.devices import ranks
from minialex.devices.mpi import is_first
from minialex.ranks.agreement import of_ranks
from minialex.ranks.ending import ending_together
from minialex.ranks.hybrid import hybrid
from minialex.ranks.shared import DataParallel, Shared
from minialex.ranks.split import SPLITS, split_over
from minialex.ranks.whole import own, whole

__all__ = [
    "SPLITS", "DataParallel", "Shared", "ending_together", "hybrid", "is_first", "of_ranks", "own", "ranks",
    "split_over", "whole",
]  # fmt: skip

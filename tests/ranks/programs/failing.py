"""Under mpiexec: `failing.py HOW train ...` is `minialex train ...`, in which rank 1 fails after the second epoch."""

import os
import sys

from minialex.cli import main
from minialex.devices.mpi import place
from minialex.training import run

HOW, *ARGUMENTS = sys.argv[1:]
keep = run.keep


def keep_and_fail(*arguments):
    keep(*arguments)
    if place().rank != 1 or len(arguments[4]) < 2:  # epochs: the first is kept once the second begins
        return
    if HOW == "raise":
        raise TypeError("a bug")
    if HOW == "error":
        raise OSError("the disk is full")
    if HOW == "kill":
        os.kill(os.getpid(), 9)
    if HOW.startswith("exit"):
        sys.exit(int(HOW.removeprefix("exit")))


run.keep = keep_and_fail
sys.argv = ["minialex", *ARGUMENTS]
sys.exit(main())

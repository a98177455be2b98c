"""A command over ranks: processes that `mpiexec` has started, each of which runs the same command."""

import os
import sys
import traceback
from argparse import Namespace
from collections.abc import Callable

from minialex.checks import expected
from minialex.cli.wrong_arguments import WrongArgument
from minialex.devices.mpi import is_started, place, stop_all, world
from minialex.devices.names import are_ranks

OVER_RANKS = ("train", "evaluate", "predict")  # commands that share their work; all others run in one process


def check_ranks(args: Namespace) -> None:
    """Check that a command which mpiexec has started several times shares its work, and start MPI for it."""
    size = place().size
    if size == 1:
        return
    if args.name in OVER_RANKS and are_ranks(args.devices or ""):
        world()
        return
    advice = ("add --devices ranks, or " if args.name in OVER_RANKS else "") + "start it without mpiexec"
    raise expected("mpiexec", "one process", f"{size}, each of which would do the same", advice, WrongArgument)


def as_one_of_several(command: Callable[[], int]) -> int:
    """Run a command as one of several ranks: rank 0 alone prints, and where one fails, all end in seconds."""
    if place().rank:
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115  (until this process ends)
    status, line = 0, ""
    try:
        status = command()
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 0
        if is_started():  # not the parser's: the other ranks would wait, even for one that ends without an error
            status, line = status or 1, f"minialex: sys.exit({stop.code!r}) was called"
    except BaseException as error:
        status, line = 1, error_line(error)
    if status:
        stop_all(status, line)
    return 0


def error_line(error: BaseException) -> str:
    """Return an error that nobody has foreseen as one line, with where it was raised; with --debug, the traceback."""
    if "--debug" in sys.argv:
        return "".join(traceback.format_exception(error)).rstrip()
    last = traceback.extract_tb(error.__traceback__)[-1]
    place_in_code = f"{os.path.basename(last.filename)}, line {last.lineno}"
    return f"minialex: {type(error).__name__}: {' '.join(str(error).split())} ({place_in_code}); add --debug"

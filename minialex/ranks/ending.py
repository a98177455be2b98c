"""The end of a program over ranks: where one fails, the others would wait for its messages for ever."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from minialex.devices.mpi import place, stop_all


@contextmanager
def ending_together() -> Iterator[None]:
    """End all ranks where the program inside raises on one of them: with its traceback, and exit status 1.

    with ending_together():
        net = DataParallel(cifar_80sec(rng=rng), ranks())
    """
    try:
        yield
    except BaseException as error:
        if place().size == 1:
            raise
        stop_all(1, "".join(traceback.format_exception(error)).rstrip())

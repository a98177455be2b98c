"""What the first rank does for all, or before the others: it decides, it holds a lock, it prepares files."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from minialex.devices.mpi import is_first, is_started, world


def agreed(value):
    """Return rank 0's value on every rank."""
    return world().bcast(value) if is_started() else value


@contextmanager
def on_first(context: AbstractContextManager) -> Iterator[None]:
    """Enter a context on rank 0 alone, before the others go on; where it refuses, all ranks raise its error."""
    refusal = None
    with ExitStack() as stack:
        try:
            if is_first():
                stack.enter_context(context)
        except Exception as error:
            refusal = error
        if refusal := agreed(refusal):
            raise refusal
        yield


@contextmanager
def first_before_others() -> Iterator[None]:
    """Let rank 0 go first, and the others once it has left; they find what it has written."""
    if is_started() and not is_first():
        world().Barrier()
    yield
    if is_started() and is_first():
        world().Barrier()

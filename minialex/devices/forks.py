"""Forks: a child process has the memory of its parent, but not its threads, and locks that they held stay locked.

What keeps threads or a lock is made anew in the child, when the child begins: `multiprocessing` forks on Linux.
"""

import os
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

_with_threads: WeakSet[Any] = WeakSet()  # those that are to be made anew


def renewed_in_child(thing: Any) -> None:
    """Call `thing.renew()` in every child that is forked while `thing` exists."""
    _with_threads.add(thing)


def in_child(function: Callable[[], object]) -> None:
    """Call a function in every child that is forked."""
    if hasattr(os, "register_at_fork"):  # Windows does not fork
        os.register_at_fork(after_in_child=function)


@in_child
def renew_all() -> None:
    for thing in list(_with_threads):
        thing.renew()

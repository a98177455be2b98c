"""One net, one thread: the steps of two threads on one net would mix, and their gradients be wrong without an error.

A layer remembers one forward. Forward in evaluation mode, without a backward, several threads may run at once.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Self

from minialex.checks import expected

ADVICE = "train a copy in each thread: copy.deepcopy(net)"
part_of_a_net: ContextVar[bool] = ContextVar("part_of_a_net", default=False)  # which a net's own threads compute


class InUse:
    """The thread that computes with a net now, and the one whose forward its layers remember; a copy has neither."""

    def __init__(self) -> None:
        self.inside: dict[str, int] = {}  # "thread": who computes now; setdefault of a dict is atomic
        self.owner: int | None = None
        self.is_pending = False  # a forward without its backward

    def __deepcopy__(self, memo: dict) -> Self:
        return type(self)()

    def __reduce__(self):
        return type(self), ()

    @contextmanager
    def held(self, label: str, doing: str) -> Iterator[None]:
        """Compute with the net in this thread alone.

        Errors: RuntimeError if another thread is at it, or, but for a forward, has run forward since this one did.
        """
        me = threading.get_ident()
        before = self.inside.setdefault("thread", me)
        if before != me and is_alive(before):
            raise refused(label, doing, before, "computes with it")
        self.inside["thread"] = me
        try:
            self._own(me, label, doing)
            yield
            self.is_pending = self.is_pending and doing != "backward"
        finally:
            self.inside.pop("thread", None)

    def _own(self, me: int, label: str, doing: str) -> None:
        if doing == "forward":
            self.owner, self.is_pending = me, True
        elif self.owner not in (None, me) and is_alive(self.owner) and doing in ("backward", "step"):
            raise refused(label, doing, self.owner, "has called forward since")

    def overwritten(self) -> None:
        """Note a forward in evaluation mode: what another thread's backward needs is gone."""
        if self.is_pending:
            self.owner = threading.get_ident()


def is_alive(thread: int | None) -> bool:
    """Tell whether a thread of this number runs: not one that has ended, or that the parent of a fork had."""
    return any(one.ident == thread for one in threading.enumerate())


def refused(label: str, doing: str, thread: int | None, does: str) -> RuntimeError:
    """Return the error for a net that another thread uses."""
    name = next((one.name for one in threading.enumerate() if one.ident == thread), "that has ended")
    return expected(label, f"{doing} in one thread", f"another, {name}, which {does}", ADVICE, RuntimeError)


def one_thread(method: Callable) -> Callable:
    """Return the method of a net, or of its update rule, which refuses a net that another thread trains."""
    doing = method.__name__

    @wraps(method)
    def checked(self, *arguments: Any) -> Any:
        net = self if hasattr(self, "in_use") else self.net
        in_use = getattr(net, "in_use", None)
        if in_use is None or part_of_a_net.get(False):
            return method(self, *arguments)
        if doing == "forward" and not net.training:
            in_use.overwritten()
            return method(self, *arguments)
        with in_use.held(net.label, doing):
            return method(self, *arguments)

    return checked

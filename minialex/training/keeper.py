"""What is written while a run trains: after each epoch, every so many minutes, and when a signal asks it to stop."""

from collections.abc import Callable
from time import monotonic

from minialex.interrupts import Stop, Stopped
from minialex.training.checkpoint import Kept
from minialex.training.position import Position

MINUTES = 10.0  # between two checkpoints within an epoch, unless told otherwise


class Keeper:
    """The functions that `fit` calls after each step and each epoch.

    Args:   save, writes a checkpoint; keep, writes all files of the run after an epoch; kept, what a resumed run goes
            on from; minutes, between two checkpoints; stop, the signals that came.
    """

    def __init__(
        self, save: Callable[[Kept], object], keep: Callable[[list[dict]], object], kept: Kept, minutes: float,
        stop: Stop,
    ):  # fmt: skip
        self.save, self.keep, self.kept = save, keep, kept
        self.seconds, self.stop = 60 * minutes, stop
        self.due = monotonic() + self.seconds

    def after_step(self, position: Position) -> None:
        """Write a checkpoint if one is due; raise Stopped, once it is written, if a signal has come."""
        number = self.stop.number
        if number is None and monotonic() < self.due:
            return
        if position != self.kept.position:  # it is the same after each batch of validation
            kept = Kept(self.kept.history, position)
            self.save(kept)
            self.kept = kept
        self.due = monotonic() + self.seconds
        if number is not None:
            raise Stopped(f"stopped; the checkpoint is of {self.kept}", number)

    def after_epoch(self, history: list[dict]) -> None:
        """Write all files of the run; raise Stopped, once they are written, if a signal has come."""
        self.keep(history)
        self.kept, self.due = Kept(list(history)), monotonic() + self.seconds
        if self.stop.number is not None:
            raise Stopped(f"stopped; the checkpoint is of {self.kept}", self.stop.number)

    def remains(self) -> str:
        """Return as text what is left of a run that diverged, and what to do with it."""
        if self.kept == Kept([]):
            return "no checkpoint was written yet"
        advice = "to go on from it, write a smaller lr into config.json and add --resume --accept-edits"
        return f"the last checkpoint, of {self.kept}, is kept; {advice}"

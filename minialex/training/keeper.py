"""What is written while a run trains: after each epoch, every so many minutes, and when a signal asks it to stop."""

from collections.abc import Callable
from time import monotonic

from minialex.interrupts import Stop, Stopped
from minialex.training.checkpoint import Kept
from minialex.training.position import Position

NOTHING, CHECKPOINT, SIGNAL = 0, 1, 2  # what a rank asks for after a step; SIGNAL: and the signal's number
MINUTES = 10.0  # between two checkpoints within an epoch, unless told otherwise


class Keeper:
    """The functions that `fit` calls after each step and each epoch.

    Args:   save, writes a checkpoint; keep, writes all files of the run after an epoch; kept, what a resumed run goes
            on from; minutes, between two checkpoints; stop, the signals that came; of_ranks, returns what all ranks
            ask for: they must write at the same step, since each has a part of what is written.
    """

    def __init__(
        self, save: Callable[[Kept], object], keep: Callable[[list[dict]], object], kept: Kept, minutes: float,
        stop: Stop, of_ranks: Callable[[int], list[int]] = lambda asked: [asked],
    ):  # fmt: skip
        self.save, self.keep, self.kept = save, keep, kept
        self.seconds, self.stop, self.of_ranks = 60 * minutes, stop, of_ranks
        self.due = monotonic() + self.seconds

    def after_step(self, position: Position) -> None:
        """Write a checkpoint if one is due; raise Stopped, once it is written, if a signal has come."""
        asked = self.asked(monotonic() >= self.due)
        if asked == NOTHING:
            return
        if position != self.kept.position:  # it is the same after each batch of validation
            kept = Kept(self.kept.history, position)
            self.save(kept)
            self.kept = kept
        self.due = monotonic() + self.seconds
        self.stop_if(asked)

    def after_epoch(self, history: list[dict]) -> None:
        """Write all files of the run; raise Stopped, once they are written, if a signal has come."""
        self.keep(history)
        self.kept, self.due = Kept(list(history)), monotonic() + self.seconds
        self.stop_if(self.asked())

    def asked(self, due: bool = False) -> int:
        """Return the number of a signal that has come to any rank, else whether a checkpoint is due on any."""
        signal = self.stop.number
        return max(self.of_ranks(signal + SIGNAL if signal is not None else CHECKPOINT if due else NOTHING))

    def stop_if(self, asked: int) -> None:
        """Raise Stopped if what is asked for is a signal."""
        if asked >= SIGNAL:
            raise Stopped(f"stopped; the checkpoint is of {self.kept}", asked - SIGNAL)

    def remains(self) -> str:
        """Return as text what is left of a run that diverged, and what to do with it."""
        if self.kept == Kept([]):
            return "no checkpoint was written yet"
        advice = "to go on from it, write a smaller lr into config.json and add --resume --accept-edits"
        return f"the last checkpoint, of {self.kept}, is kept; {advice}"

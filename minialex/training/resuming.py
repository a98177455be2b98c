"""The checkpoint that a stopped run goes on from: the newest, or the one before where the newest is damaged."""

import sys
from pathlib import Path

from minialex.checks import expected
from minialex.devices.mpi import is_first
from minialex.files.atomic import set_aside
from minialex.ranks import of_ranks
from minialex.sequential import Sequential
from minialex.training.averaging import WeightAverage
from minialex.training.checkpoint import Kept, set_checkpoint
from minialex.training.config import RunConfig
from minialex.training.edits import Edited, as_json, check_metrics, check_settings
from minialex.training.run_arrays import about, about_in, one_line, read_arrays, write_arrays
from minialex.training.sgd import SGD

State = tuple[Sequential, SGD, WeightAverage | None]
NEWEST, PREVIOUS, BEST = "checkpoint.npz", "checkpoint-previous.npz", "best.npz"


def continued(
    out: Path, config: RunConfig, net: Sequential, sgd: SGD, average: WeightAverage | None = None,
    *, accept_edits: bool = False,
) -> Kept:  # fmt: skip
    """Load the checkpoint of a stopped run into the net and its update rule; return its history and its position.

    A run that was stopped before its first checkpoint starts anew, which a line on stderr says.

    Errors: ValueError if its checkpoints are damaged, or are of more epochs than asked for; Edited; Newer.
    """
    if not any((out / name).exists() for name in (NEWEST, PREVIOUS, BEST)):
        print(f"{out}: no checkpoint was written there yet; the run starts anew", file=sys.stderr)
        return Kept([])
    kept, name = latest(out, config, (net, sgd, average), accept_edits)
    check_same(out, net, f"{name}, {kept}")
    if name == PREVIOUS and is_first():
        set_aside(out / PREVIOUS, out / NEWEST)  # or the next checkpoint would keep the damaged one, not this
    done = len(kept.history) + (kept.position.step > 0)
    if done > config.epochs:
        text = f"{done} epochs at least, which are done or begun"
        raise expected(out, text, config.epochs, "leave out --epochs, or ask for more")
    return kept


def latest(out: Path, config: RunConfig, state: State, accept_edits: bool) -> tuple[Kept, str]:
    """Load the newest checkpoint, or the one before it, with a warning, where that is damaged or gone."""
    try:
        return loaded(out / NEWEST, config, state, accept_edits), NEWEST
    except (ValueError, FileNotFoundError) as damage:
        if not (out / PREVIOUS).exists():
            raise
        try:
            kept = loaded(out / PREVIOUS, config, state, accept_edits, longer=True)
        except ValueError:
            raise damage from None
        text = f"the run goes on from {PREVIOUS}, of {kept}; what came after it is computed again"
        print(f"{one_line(damage)}\n{text}", file=sys.stderr)
        return kept, PREVIOUS


def check_same(out: Path, net: Sequential, checkpoint: str) -> None:
    """Check that all ranks have loaded the same checkpoint; all have loaded it when this returns."""
    others = [other for other in of_ranks(net, checkpoint) if other != checkpoint]
    if others:
        raise expected(out, f"{checkpoint}, on all ranks", others[0], "check that all see the same files", RuntimeError)


def loaded(path: Path, config: RunConfig, state: State, accept_edits: bool, *, longer: bool = False) -> Kept:
    """Load a checkpoint, once config.json and metrics.csv are found to be what it contains.

    Args:   longer, whether metrics.csv may have later epochs.
    """
    arrays = read_arrays(path)
    try:
        check_settings(path.parent, config, about_in(path, arrays).get("settings"))
        kept = set_checkpoint(path, arrays, *state)
        check_metrics(path.parent, kept.history, longer=longer)
    except Edited as edit:
        if not accept_edits:
            raise
        print(f"accepted: {str(edit).rpartition('; ')[0]}", file=sys.stderr)  # what to do has been done
        accept(path.parent / BEST, config)
        kept = set_checkpoint(path, arrays, *state)
    return kept


def accept(path: Path, config: RunConfig) -> None:
    """Write the run's settings as they are now into a file of its weights, if it exists."""
    if path.exists():
        write_arrays(path, {**read_arrays(path), "about": about(as_json(config))})

"""The folder of a run: its files, written and opened.

config.json      its settings                          curves.png         loss and error by epoch
metrics.csv      one line an epoch                     filters.png        the first layer's kernels
checkpoint.npz   all that --resume needs               predictions.png    images with their most probable labels
best.npz         weights of the lowest validation error
checkpoint-previous.npz     the checkpoint before, should the newest be damaged
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from minialex.checks import expected
from minialex.devices.mpi import is_first
from minialex.files.atomic import remove_partial_files
from minialex.files.lock import LOCK, locked
from minialex.sequential import Sequential
from minialex.training.averaging import WeightAverage
from minialex.training.checkpoint import Kept, save_checkpoint
from minialex.training.config import RunConfig
from minialex.training.edits import as_json
from minialex.training.history import write_history
from minialex.training.net_file import save_weights
from minialex.training.resuming import BEST, NEWEST, PREVIOUS
from minialex.training.run_pictures import draw_curves
from minialex.training.sgd import SGD


def check_run_folder(out: Path, resume: bool) -> None:
    """Check that the run may be kept in this folder, and that the folder holds no other run."""
    advice = "choose another --out"
    if out.exists() and not out.is_dir():
        raise expected(out, "a folder for the run", "a file", advice)
    if not resume and any((out / name).exists() for name in (NEWEST, PREVIOUS, BEST)):
        raise ValueError(f"{out}: expected a new folder, it holds a run already; {advice}, or add --resume")
    existing = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    if not os.access(existing, os.W_OK):  # now, rather than when all is loaded and perhaps prepared
        raise expected(out, "a folder that may be written to", "none", advice, PermissionError)


@contextmanager
def held_folder(out: Path) -> Iterator[None]:
    """Make the folder of a run, and hold its lock: no other training can use it meanwhile.

    What killed processes have left half-written there is removed; so is the folder, if nothing was kept in it.

    Errors: RuntimeError if another process trains there.
    """
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    try:
        with locked(out):
            remove_partial_files(out)
            yield
    finally:
        for folder in made:
            with suppress(OSError):  # it has files in it
                folder.rmdir()


def is_unbegun(out: Path) -> bool:
    """Tell whether a run was killed in this folder before it wrote anything: there is a lock in it, and no more."""
    return out.is_dir() and {path.name for path in out.iterdir()} == {LOCK}


def free_folder(parent: Path, names: Iterable[str]) -> Path:
    """Return parent/NAME-1, or with the first number that no folder has."""
    stem = "-".join(names)
    return next(folder for n in count(1) if not (folder := parent / f"{stem}-{n}").exists())


def keep(
    config: RunConfig, out: Path, net: Sequential, sgd: SGD, history: list[dict], average: WeightAverage | None = None
) -> None:  # fmt: skip
    """Update the run's folder after an epoch; the checkpoint first, since the other files follow from it.

    Every rank must call it: what they have is collected, and the first writes it.
    """
    save_newest(config, out, net, sgd, Kept(history), average)
    follow(config, out, net, history)


def save_newest(
    config: RunConfig, out: Path, net: Sequential, sgd: SGD, kept: Kept, average: WeightAverage | None = None
) -> None:  # fmt: skip
    """Write a checkpoint, and keep the one before it under another name."""
    save_checkpoint(
        out / NEWEST, net, sgd, kept.history, average, position=kept.position, settings=as_json(config),
        previous=out / PREVIOUS,
    )  # fmt: skip


def follow(config: RunConfig, out: Path, net: Sequential, history: list[dict], *, begun: bool = False) -> None:
    """Write what follows from the checkpoint of an epoch.

    Args:   begun, whether the net has gone on in the next epoch: then it is not the net of any row.
    """
    if not begun and history[-1]["val_error"] <= min(row["val_error"] for row in history):
        save_weights(out / BEST, net, as_json(config))
    if not is_first():
        return
    write_history(out / "metrics.csv", history)
    draw_curves(config, out, history)

"""A soak: hours of training with checkpoints, evaluation and resumes in one process, and what it uses meanwhile.

    python tests/soak.py --minutes 120 > soak.csv

Prints a line of CSV for each cycle (a run that is stopped inside an epoch, resumed, evaluated from ten views and opened
again), and at the end on standard error whether memory, open files and threads stayed flat: exit status 1 if not.
Linux only: what a process uses is read from /proc/self.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from minialex import load_run
from minialex.interrupts import Stopped
from minialex.training.config import RunConfig
from minialex.training.keeper import Keeper
from minialex.training.run import train_run

EPOCHS = 4  # of a run
GROWTH = 0.03  # of memory from the second quarter of the soak to the last, at most


class Usage(NamedTuple):
    """What the process uses after a cycle."""

    seconds: float
    cycles: int
    steps: int
    checkpoints: int
    megabytes: float
    files: int
    threads: int


def usage(start: float, cycles: int, steps: int, checkpoints: int) -> Usage:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    files, threads = (len(os.listdir(f"/proc/self/{kind}")) for kind in ("fd", "task"))
    megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Usage(round(time.monotonic() - start, 1), cycles, steps, checkpoints, round(megabytes, 1), files, threads)


class Counted(Keeper):
    """A keeper that counts steps and checkpoints, and stops a run once inside an epoch."""

    steps = checkpoints = 0
    stop_at = 0

    def after_step(self, position) -> None:
        Counted.steps += 1
        save, self.save = self.save, lambda kept: (setattr(Counted, "checkpoints", Counted.checkpoints + 1), save(kept))
        try:
            if Counted.steps == Counted.stop_at:
                self.stop.number = 2
            super().after_step(position)
        finally:
            self.save = save


def cycle(config: RunConfig, out: Path) -> None:
    """Train a run that is stopped inside an epoch and resumed; evaluate it, and open it again."""
    Counted.stop_at = Counted.steps + 7
    try:
        train_run(config, out, minutes=0.02, progress=False)
        raise AssertionError("the run was to be stopped")
    except Stopped:
        train_run(config, out, resume=True, minutes=0.02, progress=False)
    train_run(replace(config, epochs=EPOCHS + 1), out, resume=True, minutes=0.02, progress=False)
    run = load_run(out)
    run.evaluate(views=10)
    assert len(run.history) == EPOCHS + 1
    shutil.rmtree(out)


def soak(minutes: float) -> Iterator[Usage]:
    """Yield what the process uses after each cycle."""
    start, cycles = time.monotonic(), 0
    base = RunConfig.new(model="small_alexnet", epochs=EPOCHS, batch=32, limit=320, lr=0.001)
    kinds = [{}, {"devices": "cpu:0,cpu:1"}, {"augment": ("crop", "reflection"), "scale": 36}, {"optimizer": "adam"}]
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() - start < 60 * minutes:
            cycle(replace(base, seed=cycles, **kinds[cycles % len(kinds)]), Path(folder) / "run")
            cycles += 1
            yield usage(start, cycles, Counted.steps, Counted.checkpoints)


def grown(rows: list[Usage]) -> list[str]:
    """Return what is larger in the last quarter of the soak than in the second: its least, of each."""
    quarter = max(1, len(rows) // 4)
    found = []
    for name, allowed in (("megabytes", 1 + GROWTH), ("files", 1), ("threads", 1)):
        before, after = (min(getattr(row, name) for row in part) for part in (rows[quarter:-quarter], rows[-quarter:]))
        if after > before * allowed:
            found.append(f"{name} grew from {before} to {after}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=120.0)
    import minialex.training.run as runs

    runs.Keeper = Counted  # type: ignore[misc]
    rows: list[Usage] = []
    print(",".join(Usage._fields), flush=True)
    for row in soak(parser.parse_args().minutes):
        rows.append(row)
        print(",".join(map(str, row)), flush=True)
    found = grown(rows) if len(rows) >= 4 else ["too few cycles to tell: give more --minutes"]
    print("; ".join(found) or f"flat: {rows[-1]}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

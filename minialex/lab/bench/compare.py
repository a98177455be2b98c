"""`minialex bench`: our training step against PyTorch's, interleaved.

Each side is a separate process that computes steps for half a second, one at least, on request, so that repetitions
interleave and other load on the machine affects all sides alike. Results are compared before anything is timed.
Ratios are ours over theirs, of medians: below 1 we are faster.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from minialex.lab.bench.report import TORCH, report

# glibc returns a freed large block to the system, and the next one costs page faults; PyTorch is faster without that.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**34)}
REST = 0.3  # seconds before a side's turn, since the threads of the previous side still spin on its cores


class Side:
    """One side of the comparison: a process that runs steps for each line of input, and writes a line of JSON."""

    def __init__(self, name: str, arguments: list[str], folder: Path):
        module = "minialex.lab.bench.ours" if name == "ours" else "minialex.lab.bench.theirs"
        environment = os.environ | (KEEP_MEMORY if name in TORCH[1:] else {})
        self.name, self.turns = name, []  # type: str, list[list[dict]]
        self.errors = folder / f"{name}.log"
        with self.errors.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, name, *arguments, str(folder)], env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self.about = self._read()

    def turn(self) -> None:
        assert self.process.stdin is not None
        time.sleep(REST)
        self.process.stdin.write("step\n")
        self.process.stdin.flush()
        self.turns.append(self._read())

    def _read(self):
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            last = self.errors.read_text().strip().splitlines()[-1:] or ["it wrote no error"]
            raise RuntimeError(f"bench: {self.name} stopped: {last[0]}")
        return json.loads(line)

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def bench(
    model: str,
    *,
    batch: int = 128,
    repetitions: int = 5,
    against: str = "torch",
    lrn: bool = True,
    inference: bool = False,
    workers: int | None = None,
) -> dict:
    """Time a training step (or, with `inference`, a forward pass) of a model, ours and PyTorch's, interleaved.

    Args:   lrn=False leaves response normalization out on both sides; against="none" times ours alone.
    Errors: RuntimeError if PyTorch is not installed, or if a side's results differ from ours.
    """
    names = ["ours"]
    if against == "torch":
        if importlib.util.find_spec("torch") is None:
            raise RuntimeError("bench: PyTorch is not installed; pip install torch, or --against none")
        names += TORCH
    sides: list[Side] = []
    missing: dict[str, str] = {}
    settings = [model, str(batch), str(int(lrn)), str(int(inference)), str(workers or 0)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name in names:
                try:
                    sides.append(Side(name, settings, Path(folder)))
                except RuntimeError as error:
                    if name != "torch_compiled":  # which needs a C++ compiler
                        raise
                    missing[name] = str(error)
            for _ in range(repetitions + 1):
                for side in sides:
                    side.turn()
        finally:
            for side in sides:
                side.close()
    return report(sides, missing, model, batch, lrn, inference)

"""OpenBLAS's kernels, chosen by the processor before NumPy loads it.

OpenBLAS takes its kernels for Intel's AVX-512 (SkylakeX) on every processor that has these instructions. AMD's Zen 4
executes them in two halves: there the kernels for Zen are faster for the thin products of small nets (the table in
docs/performance.md). The choice counts before NumPy is loaded only, so the program starts once more with it.
"""

import os
import sys
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
COMPUTING = ("train", "evaluate", "bench", "reproduce")  # commands for which 0.2 seconds more at the start pay


def restart_with_faster_kernels(command: str) -> None:
    """Start this program again with faster kernels, if there are any; a user's own choice stays."""
    cpuinfo = Path("/proc/cpuinfo")
    if command not in COMPUTING or VARIABLE in os.environ or not cpuinfo.exists():
        return
    kernels = faster_kernels(cpuinfo.read_text())
    if kernels is not None:
        os.environ[VARIABLE] = kernels
        os.execv(sys.executable, sys.orig_argv)


def faster_kernels(cpuinfo: str) -> str | None:
    """Return the name of faster kernels than those which OpenBLAS takes on the first processor of Linux's list."""
    lines = [line.partition(":") for line in cpuinfo.split("\n\n")[0].splitlines()]
    fields = {key.strip(): value.strip() for key, _, value in lines}
    is_zen4 = (fields.get("vendor_id"), fields.get("cpu family")) == ("AuthenticAMD", "25")
    return "Zen" if is_zen4 and "avx512f" in fields.get("flags", "").split() else None

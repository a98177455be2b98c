"""The machine that a measurement runs on: its processor and libraries, and the memory of this process."""

import os
import platform
import resource
import sys
from pathlib import Path

import numpy as np

from minialex.devices.workers import blas

BLAS_SETTINGS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # environment variables that choose BLAS's kernels and blocks


def about(net) -> dict:
    libraries = [f"{i['internal_api']} {i['version']} ({i.get('architecture', '?')})" for i in blas().info()]
    libraries += [f"{key}={os.environ[key]}" for key in BLAS_SETTINGS if key in os.environ]
    return {"blas": ", ".join(libraries), "workers": net.device.workers, "cpu": cpu(), "numpy": np.__version__}


def cpu() -> str:
    """Return the processor's name, from Linux where it has one."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

"""Section: trainings on the host and on GPUs, whose losses and errors should be the same but for rounding."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cupy

from gpu_report.common import IS_SMALL, say
from minialex.training.history import read_history

SIZE = ("--limit", "48", "--batch", "16") if IS_SMALL else ("--limit", "2000")
devices = ["cpu", "cuda:0", "cuda:0,cuda:0"] + ["cuda:0,cuda:1"] * (cupy.cuda.runtime.getDeviceCount() > 1)
failed = 0
for names in devices:
    with tempfile.TemporaryDirectory() as folder:
        train = [sys.executable, "-m", "minialex", "train", "--epochs", "2", *SIZE, "--devices", names]
        start = time.perf_counter()
        found = subprocess.run([*train, "--quiet", "--out", f"{folder}/run"], capture_output=True, text=True)
        seconds = time.perf_counter() - start
        print(found.stdout, found.stderr)
        if found.returncode:
            failed = 1
            say(f"{names}: {found.stderr.strip()[-140:]}")
            continue
        history = read_history(Path(folder, "run", "metrics.csv"))
        curve = ", ".join(f"{row['train_loss']:.4f} {row['val_error']:.3f}" for row in history)
        speed = history[-1]["images_per_second"]
        say(f"{names}: training loss and validation error {curve}; {speed:,.0f} images/s; {seconds:.0f} s in all")
sys.exit(failed)

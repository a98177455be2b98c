"""Section: the tests that need a GPU, their last lines for the page."""

import subprocess
import sys

import cupy

from gpu_report.common import say

count = cupy.cuda.runtime.getDeviceCount()
found = subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], capture_output=True, text=True)
print(found.stdout, found.stderr)
say(f"{count} GPU{'s' * (count > 1)}:", found.stdout.strip().splitlines()[-1])
for line in found.stdout.splitlines():
    if line.startswith(("FAILED", "ERROR")):
        say(line[:150])
sys.exit(found.returncode)

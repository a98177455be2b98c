"""Tests over ranks: each starts programs under mpiexec, with a time limit, and leaves no process behind."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

collect_ignore = ["programs"]  # what the tests start; they are no tests
PROGRAMS = Path(__file__).parent / "programs"
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {  # one thread each; then what Open MPI needs for more ranks than cores, and as root: MPICH does not
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "1", "PYTHONPATH": str(ROOT),
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
}  # fmt: skip


def launcher():
    """Return the path of mpiexec: the one beside this Python, else that of the system; None where there is none."""
    beside = Path(sys.executable).with_name("mpiexec")
    return str(beside) if beside.exists() else shutil.which("mpiexec")


@pytest.fixture(scope="session")
def start():
    """start(n, program, ...): a context with n ranks of a program that runs; nothing of it outlives the context."""
    for name, found in {"mpi4py": find_spec("mpi4py"), "mpiexec": launcher()}.items():
        if not found:
            pytest.skip(f"{name} is not installed: pip install 'minialex[ranks]' mpich")

    @contextmanager
    def started(n, program, *arguments):
        file = [str(PROGRAMS / program)] if program.endswith(".py") else ["-m", program]
        command = [launcher(), "-n", str(n), sys.executable, *file, *map(str, arguments)]
        process = subprocess.Popen(
            command, env={**os.environ, **ENVIRONMENT}, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            yield process
        finally:
            end(process)

    return started


def end(process):
    """End the launcher, which ends its ranks; then, if that takes too long, all of its session."""
    if process.poll() is None:
        process.terminate()
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


@pytest.fixture(scope="session")
def mpiexec(start):
    """mpiexec(n, program, ..., seconds=60) -> CompletedProcess."""

    def run(n, program, *arguments, seconds=60):
        with start(n, program, *arguments) as process:
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGTERM)
                out, err = process.communicate(timeout=10)
                pytest.fail(f"{program} {arguments} on {n} ranks still ran after {seconds} s\n{out}\n{err}")
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return run


@pytest.fixture(scope="session")
def succeeds(mpiexec):
    """succeeds(n, program, ...) -> standard output, once the status is 0."""

    def run(n, program, *arguments, **limits):
        done = mpiexec(n, program, *arguments, **limits)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
